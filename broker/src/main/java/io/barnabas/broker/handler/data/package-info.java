// SPDX-License-Identifier: Apache-2.0
/**
 * The request APIs of the data path: Produce, Fetch, ListOffsets, OffsetForLeaderEpoch, DeleteRecords and
 * DescribeProducers. Each handler turns Kafka's words into the replica manager's and back, and nothing more.
 */
package io.barnabas.broker.handler.data;
