// SPDX-License-Identifier: Apache-2.0
/**
 * The client: the Curator framework and its one session, requests that are bounded and repeated over lost connections, the
 * operations on nodes, transactions that check the controller's term, and watches as hints.
 */
package io.barnabas.coordination.zookeeper.client;
