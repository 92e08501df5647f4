// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.handler.group.OffsetsInZooKeeper;
import io.barnabas.coordination.store.LegacyOffsetStore;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/** The oldest clients' offsets, in the coordination store. */
record StoredLegacyOffsets(LegacyOffsetStore store) implements OffsetsInZooKeeper {
    @Override
    public CompletionStage<Void> commit(String groupId, TopicPartition partition, long offset) {
        return store.commit(groupId, partition, offset);
    }

    @Override
    public CompletionStage<OptionalLong> fetch(String groupId, TopicPartition partition) {
        return store.fetch(groupId, partition);
    }
}
