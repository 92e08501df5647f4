// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.config.OffsetsKeys;
import io.barnabas.broker.config.TransactionKeys;
import io.barnabas.coordination.controller.NewTopic;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;

/** What the internal topics look like when they are created on first use. */
public final class InternalTopics {
    private InternalTopics() {}

    /** {@code __consumer_offsets} and {@code __transaction_state} by name. */
    public static Map<String, NewTopic> of(OffsetsKeys offsets, TransactionKeys transactions) {
        return Map.of(
                Topic.GROUP_METADATA_TOPIC_NAME,
                new NewTopic(
                        Topic.GROUP_METADATA_TOPIC_NAME,
                        offsets.partitions(),
                        offsets.replicationFactor(),
                        Map.of(),
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT,
                                TopicConfig.COMPRESSION_TYPE_CONFIG,
                                "producer",
                                TopicConfig.SEGMENT_BYTES_CONFIG,
                                Integer.toString(offsets.segmentBytes()))),
                Topic.TRANSACTION_STATE_TOPIC_NAME,
                new NewTopic(
                        Topic.TRANSACTION_STATE_TOPIC_NAME,
                        transactions.partitions(),
                        transactions.replicationFactor(),
                        Map.of(),
                        Map.of(
                                TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
                                "false",
                                TopicConfig.COMPRESSION_TYPE_CONFIG,
                                "uncompressed",
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT,
                                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                                Integer.toString(transactions.minInSyncReplicas()),
                                TopicConfig.SEGMENT_BYTES_CONFIG,
                                Integer.toString(transactions.segmentBytes()))));
    }
}
