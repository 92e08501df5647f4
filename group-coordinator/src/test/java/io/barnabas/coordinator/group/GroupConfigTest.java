// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.record.CompressionType;
import org.junit.jupiter.api.Test;

class GroupConfigTest {
    @Test
    void defaultsAreThoseOfKafka() {
        GroupConfig defaults = GroupConfig.DEFAULTS;

        assertThat(defaults.minSessionTimeoutMs()).isEqualTo(6_000);
        assertThat(defaults.maxSessionTimeoutMs()).isEqualTo(1_800_000);
        assertThat(defaults.maxSize()).isEqualTo(Integer.MAX_VALUE);
        assertThat(defaults.initialRebalanceDelayMs()).isEqualTo(3_000);
        assertThat(defaults.offsetMetadataMaxBytes()).isEqualTo(4_096);
        assertThat(defaults.offsetsLoadBufferSize()).isEqualTo(5 * 1024 * 1024);
        assertThat(defaults.offsetsRetentionMs()).isEqualTo(Duration.ofDays(7).toMillis());
        assertThat(defaults.offsetsRetentionCheckIntervalMs()).isEqualTo(600_000);
        assertThat(defaults.offsetsTopicPartitions()).isEqualTo(50);
        assertThat(defaults.offsetsTopicSegmentBytes()).isEqualTo(100 * 1024 * 1024);
        assertThat(defaults.offsetsTopicReplicationFactor()).isEqualTo((short) 3);
        assertThat(defaults.offsetsTopicCompression()).isEqualTo(CompressionType.NONE);
        assertThat(defaults.offsetCommitTimeoutMs()).isEqualTo(5_000);
        assertThat(defaults.recordVersions().groupMetadata()).isEqualTo((short) 3);
        assertThat(defaults.recordVersions().offsetCommit()).isEqualTo((short) 3);
    }
}
