// SPDX-License-Identifier: Apache-2.0
/** Where things are in ZooKeeper and in which format, as in Kafka 3.9, byte for byte. */
package io.barnabas.coordination.zookeeper.znode;
