// SPDX-License-Identifier: Apache-2.0
/**
 * The controller: who leads what, and why. Deciders are plain code, state and event in, changes out; {@code
 * ControllerLoop} is the one owner of the state and performs what they decide. Handlers reach it through {@link
 * io.barnabas.coordination.controller.Controller}; it reaches brokers through {@link
 * io.barnabas.coordination.controller.BrokerCommandSender} and the store through {@code coordination.store}.
 */
package io.barnabas.coordination.controller;
