// SPDX-License-Identifier: Apache-2.0
/**
 * Transactions as Kafka 3.9 in ZooKeeper mode coordinates them (KIP-98, 360, 664, 890 part 1): who writes in which
 * partitions under which producer id and epoch, and how a transaction is ended on all of them.
 *
 * <p>A transactional id lives on the leader of one partition of {@code __transaction_state}. Its
 * {@link io.barnabas.coordinator.transaction.TransactionMetadata} changes only after the record that says so is
 * committed; markers go out only after the decision is, so whoever loads the partition next can finish what was begun.
 */
package io.barnabas.coordinator.transaction;
