// SPDX-License-Identifier: Apache-2.0
/** Clusters of real processes: ZooKeeper and brokers, Barnabas's or Apache Kafka's, killed and paused at will. */
package io.barnabas.lab.process;
