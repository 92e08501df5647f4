// SPDX-License-Identifier: Apache-2.0
/**
 * The coordination store on ZooKeeper, on Kafka's own paths and in Kafka 3.9's own JSON: Curator keeps the connection
 * and renews sessions, requests are ZooKeeper's asynchronous ones, many in flight, and the {@code *Codec}s know the
 * formats. The only package that knows ZooKeeper.
 */
package io.barnabas.coordination.zookeeper;
