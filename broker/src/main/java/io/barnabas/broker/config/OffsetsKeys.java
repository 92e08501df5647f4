// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.record.CompressionType;

/**
 * Committed offsets and the topic that holds them.
 *
 * @param metadataMaxBytes {@code offset.metadata.max.bytes}
 * @param loadBufferBytes {@code offsets.load.buffer.size}
 * @param replicationFactor {@code offsets.topic.replication.factor}
 * @param partitions {@code offsets.topic.num.partitions}
 * @param segmentBytes {@code offsets.topic.segment.bytes}
 * @param compression {@code offsets.topic.compression.codec}
 * @param retentionMinutes {@code offsets.retention.minutes}
 * @param retentionCheckIntervalMs {@code offsets.retention.check.interval.ms}
 * @param commitTimeoutMs {@code offsets.commit.timeout.ms}
 * @param commitRequiredAcks {@code offsets.commit.required.acks}
 */
public record OffsetsKeys(
        int metadataMaxBytes,
        int loadBufferBytes,
        short replicationFactor,
        int partitions,
        int segmentBytes,
        CompressionType compression,
        int retentionMinutes,
        long retentionCheckIntervalMs,
        int commitTimeoutMs,
        short commitRequiredAcks) {
    static OffsetsKeys from(AbstractConfig values) {
        return new OffsetsKeys(
                values.getInt("offset.metadata.max.bytes"),
                values.getInt("offsets.load.buffer.size"),
                values.getShort("offsets.topic.replication.factor"),
                values.getInt("offsets.topic.num.partitions"),
                values.getInt("offsets.topic.segment.bytes"),
                CompressionType.forId(values.getInt("offsets.topic.compression.codec")),
                values.getInt("offsets.retention.minutes"),
                values.getLong("offsets.retention.check.interval.ms"),
                values.getInt("offsets.commit.timeout.ms"),
                values.getShort("offsets.commit.required.acks"));
    }
}
