// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.config.MemoryConfigStore;
import io.barnabas.coordination.store.ConfigEntity;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Making a topic's settings anew for each of thousands of partitions was half the work of creating them. */
class TopicConfigRepositoryTest {
    private final MemoryConfigStore store = new MemoryConfigStore();
    private final DynamicBrokerConfig broker =
            new DynamicBrokerConfig(Map.of("zookeeper.connect", "x:1", "broker.id", "1"), new SecureRandom());
    private final TopicConfigRepository topics = new TopicConfigRepository(store, broker);

    private void override(Map<String, String> values) {
        store.put(ConfigEntity.topic("orders"), values);
        topics.reload(List.of("orders")).join();
    }

    @Test
    void makesSettingsOnceAsLongAsNothingChanges() {
        override(Map.of("retention.ms", "5"));

        assertThat(topics.logConfig("orders")).isSameAs(topics.logConfig("orders"));
        assertThat(topics.logConfig("plain")).isSameAs(topics.logConfig("another"));
    }

    @Test
    void makesThemAnewWhenTheTopicsOverridesChange() {
        override(Map.of("retention.ms", "5"));
        assertThat(topics.logConfig("orders").retentionMs()).isEqualTo(5);

        override(Map.of("retention.ms", "6"));
        assertThat(topics.logConfig("orders").retentionMs()).isEqualTo(6);

        override(Map.of());
        assertThat(topics.logConfig("orders")).isSameAs(topics.logConfig("plain"));
    }

    @Test
    void makesThemAnewWhenTheBrokersDefaultsChange() {
        override(Map.of("segment.bytes", "1000"));
        long before = topics.logConfig("orders").retentionMs();

        broker.updateForAll(Map.of("log.retention.ms", "77"));

        assertThat(before).isNotEqualTo(77);
        assertThat(topics.logConfig("orders").retentionMs()).isEqualTo(77);
        assertThat(topics.logConfig("orders").segmentBytes()).isEqualTo(1000);
        assertThat(topics.logConfig("plain").retentionMs()).isEqualTo(77);
    }

    @Test
    void forgetsATopicThatWasDeleted() {
        override(Map.of("retention.ms", "5"));
        topics.logConfig("orders");

        topics.forget("orders");

        assertThat(topics.logConfig("orders")).isSameAs(topics.logConfig("plain"));
    }
}
