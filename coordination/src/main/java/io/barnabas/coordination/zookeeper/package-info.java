// SPDX-License-Identifier: Apache-2.0
/**
 * The coordination store's roles on ZooKeeper, on Kafka's own paths: {@code client} is the Curator framework with one session,
 * {@code znode} the paths and formats. Only this package and those below it know ZooKeeper.
 */
package io.barnabas.coordination.zookeeper;
