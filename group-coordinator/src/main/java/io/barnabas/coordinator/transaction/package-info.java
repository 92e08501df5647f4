// SPDX-License-Identifier: Apache-2.0
/**
 * Transactions as Kafka 3.9 in ZooKeeper mode coordinates them (KIP-98, 360, 664, 890 part 1): who writes in which
 * partitions under which producer id and epoch, and how a transaction is ended on all of them.
 *
 * <p>A transactional id lives on the leader of one partition of {@code __transaction_state}. Its
 * {@link io.barnabas.coordinator.transaction.TransactionMetadata} is what the last replayed record says, live and after
 * loading. Deciders return the record of the next state. Markers are sent only after the decision is committed, so the
 * broker that loads the partition next can finish what was begun.
 */
package io.barnabas.coordinator.transaction;
