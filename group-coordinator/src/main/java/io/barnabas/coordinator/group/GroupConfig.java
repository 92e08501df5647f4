// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import org.apache.kafka.common.record.CompressionType;

/**
 * Settings of the group coordinator, by Kafka's keys.
 *
 * @param minSessionTimeoutMs {@code group.min.session.timeout.ms}
 * @param maxSessionTimeoutMs {@code group.max.session.timeout.ms}
 * @param maxSize {@code group.max.size}
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}
 * @param offsetMetadataMaxBytes {@code offset.metadata.max.bytes}; compared with the number of characters, as in Kafka
 * @param offsetsLoadBufferSize {@code offsets.load.buffer.size}
 * @param offsetsRetentionMs {@code offsets.retention.minutes}, in milliseconds
 * @param offsetsRetentionCheckIntervalMs {@code offsets.retention.check.interval.ms}
 * @param offsetsTopicPartitions {@code offsets.topic.num.partitions}; used until the topic exists
 * @param offsetsTopicSegmentBytes {@code offsets.topic.segment.bytes}
 * @param offsetsTopicReplicationFactor {@code offsets.topic.replication.factor}
 * @param offsetsTopicCompression {@code offsets.topic.compression.codec}
 * @param offsetCommitTimeoutMs {@code offsets.commit.timeout.ms}
 * @param recordVersions the versions records are written in, by {@code inter.broker.protocol.version}
 */
public record GroupConfig(
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int maxSize,
        int initialRebalanceDelayMs,
        int offsetMetadataMaxBytes,
        int offsetsLoadBufferSize,
        long offsetsRetentionMs,
        long offsetsRetentionCheckIntervalMs,
        int offsetsTopicPartitions,
        int offsetsTopicSegmentBytes,
        short offsetsTopicReplicationFactor,
        CompressionType offsetsTopicCompression,
        int offsetCommitTimeoutMs,
        RecordVersions recordVersions) {
    /** Kafka 3.9's defaults. */
    public static final GroupConfig DEFAULTS = new GroupConfig(
            6_000,
            1_800_000,
            Integer.MAX_VALUE,
            3_000,
            4_096,
            5_242_880,
            10_080L * 60 * 1000,
            600_000,
            50,
            104_857_600,
            (short) 3,
            CompressionType.NONE,
            5_000,
            RecordVersions.LATEST);

    /**
     * The versions of the values written to {@code __consumer_offsets}.
     *
     * @param groupMetadata 0 below IBP 0.10.1, 1 below 2.1, 2 below 2.3, else 3
     * @param offsetCommit 1 below IBP 2.1-IV0, 2 below 2.1-IV1, else 3
     */
    public record RecordVersions(short groupMetadata, short offsetCommit) {
        /** What Kafka 3.9 writes by default. */
        public static final RecordVersions LATEST = new RecordVersions((short) 3, (short) 3);
    }
}
