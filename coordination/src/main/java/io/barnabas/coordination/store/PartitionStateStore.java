// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions' states, {@code /brokers/topics/T/partitions/P/state}, in bulk: any number in one call, sent in
 * batched transactions that all check the controller's term ({@link Versions#ANY} leaves the check out).
 */
public interface PartitionStateStore {
    /** The states of the given partitions; those without are left out. */
    CompletableFuture<Map<TopicPartition, StoredPartitionState>> read(Collection<TopicPartition> partitions);

    /** Creates first states. The future itself does not fail: every partition has its outcome. */
    CompletableFuture<Map<TopicPartition, StateWrite>> create(
            Map<TopicPartition, StoredPartitionState> states, int controllerEpochZkVersion);

    /**
     * Replaces states, each on the condition that its version is the partition epoch in {@code leaderAndIsr}. A write whose
     * reply was lost is found out by reading. The future itself does not fail: every partition has its outcome.
     */
    CompletableFuture<Map<TopicPartition, StateWrite>> update(
            Map<TopicPartition, StoredPartitionState> states, int controllerEpochZkVersion);
}
