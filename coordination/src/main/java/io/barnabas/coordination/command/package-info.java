// SPDX-License-Identifier: Apache-2.0
/**
 * What a controller tells brokers, in our own words: LeaderAndIsr, StopReplica and UpdateMetadata, and their answers.
 * The controller speaks them, the replica manager and the metadata cache hear them, and {@code broker.protocol}
 * turns them into Kafka's requests and back.
 */
package io.barnabas.coordination.command;
