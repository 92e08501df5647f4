// SPDX-License-Identifier: Apache-2.0
/**
 * The controller at work: the race for the role, the term of the one that won it, and the steps that ask deciders,
 * write what they say, and have brokers told.
 */
package io.barnabas.coordination.controller.loop;
