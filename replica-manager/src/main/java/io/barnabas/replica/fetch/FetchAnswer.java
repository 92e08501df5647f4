// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.log.EpochEndOffset;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * A leader's answer to a fetch.
 *
 * @param error an error of the fetch as a whole, mostly of its session
 * @param sessionId the session the leader keeps, 0 for none
 * @param throttleTimeMs how long the leader asks to wait; 0 between brokers
 * @param partitions in an incremental fetch only those with news
 */
public record FetchAnswer(Errors error, int sessionId, int throttleTimeMs, List<PartitionAnswer> partitions) {
    /**
     * One partition's answer.
     *
     * @param topicPartition which; its topic is {@code null} where only the id was sent and the receiver must know it
     * @param topicId the topic's id, zero where the answer goes by name
     * @param error what went wrong, or {@link Errors#NONE}
     * @param highWatermark the leader's high watermark
     * @param logStartOffset the leader's log start offset, -1 if the version has none
     * @param diverging where the follower's history parts from the leader's, {@code null} if it does not (KIP-595)
     * @param records what was fetched; valid only while the answer is handled
     */
    public record PartitionAnswer(
            TopicPartition topicPartition,
            Uuid topicId,
            Errors error,
            long highWatermark,
            long logStartOffset,
            EpochEndOffset diverging,
            MemoryRecords records) {}
}
