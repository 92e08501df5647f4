// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A partition of this broker as it is now, for readers; consistent in itself.
 *
 * @param topicPartition which
 * @param topicId its topic's id, zero if none
 * @param isLeader whether this broker leads it
 * @param leaderId who leads it, -1 if nobody
 * @param leaderEpoch the leader epoch
 * @param partitionEpoch the zkVersion of its state
 * @param isr the committed in-sync replicas
 * @param replicas all assigned replicas
 * @param logStartOffset the log's first offset
 * @param highWatermark the high watermark
 * @param lastStableOffset the last stable offset
 * @param logEndOffset the offset after the last record
 */
public record PartitionView(
        TopicPartition topicPartition,
        Uuid topicId,
        boolean isLeader,
        int leaderId,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> isr,
        List<Integer> replicas,
        long logStartOffset,
        long highWatermark,
        long lastStableOffset,
        long logEndOffset) {}
