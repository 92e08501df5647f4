// SPDX-License-Identifier: Apache-2.0
/** The process: wires the house in one readable method, starts it, stops it. */
package io.barnabas.broker;
