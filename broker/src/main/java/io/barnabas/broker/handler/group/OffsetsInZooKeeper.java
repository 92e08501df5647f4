// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/**
 * Offsets of OffsetCommit v0 and OffsetFetch v0, which are kept in ZooKeeper at
 * {@code /consumers/GROUP/offsets/TOPIC/PARTITION} as the decimal offset.
 */
public interface OffsetsInZooKeeper {
    /** Writes an offset. Fails if that is not possible. */
    CompletionStage<Void> commit(String groupId, TopicPartition partition, long offset);

    /** Reads an offset; empty if there is none. */
    CompletionStage<OptionalLong> fetch(String groupId, TopicPartition partition);
}
