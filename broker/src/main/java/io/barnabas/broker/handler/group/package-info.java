// SPDX-License-Identifier: Apache-2.0
/**
 * The request APIs of consumer groups: finding their coordinator, membership, committed offsets, administration. Each
 * handler turns a request into the coordinator's words and the answer back; what is decided, the coordinator decides.
 */
package io.barnabas.broker.handler.group;
