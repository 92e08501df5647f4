// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.broker.config.MemoryConfigStore;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.session.SessionEvent;
import io.barnabas.replica.log.LogConfig;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConfigChangeFollowerTest {
    private final MemoryConfigStore store = new MemoryConfigStore();
    private final DynamicBrokerConfig broker =
            new DynamicBrokerConfig(Map.of("zookeeper.connect", "x:1", "broker.id", "1"), new SecureRandom());
    private final Map<String, LogConfig> told = new HashMap<>();
    private final Map<ConfigEntity, Map<String, String>> others = new HashMap<>();
    private final TopicConfigRepository topics = new TopicConfigRepository(store, broker);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ConfigChangeFollower follower =
            new ConfigChangeFollower(1, store, store, broker, topics, others::put, timer);

    {
        topics.addListener(told::put);
    }

    @AfterEach
    void close() {
        follower.close();
        timer.shutdownNow();
    }

    private void change(ConfigEntity entity, Map<String, String> values) {
        store.put(entity, values);
        store.announce(entity);
    }

    @Test
    void loadsWhatIsThereBeforeAnythingIsBuilt() {
        store.put(ConfigEntity.allBrokers(), Map.of("background.threads", "40"));
        store.put(ConfigEntity.topic("orders"), Map.of("retention.ms", "5"));

        follower.load().join();

        assertThat(broker.current().logManager().backgroundThreads()).isEqualTo(40);
        assertThat(told.get("orders").retentionMs()).isEqualTo(5);
    }

    @Test
    void followsTopicsBrokersAndPassesTheRestOn() {
        follower.start();

        change(ConfigEntity.topic("orders"), Map.of("segment.bytes", "1000"));
        change(ConfigEntity.broker(1), Map.of("background.threads", "11"));
        change(ConfigEntity.broker(2), Map.of("background.threads", "12"));
        change(new ConfigEntity("users/alice/clients/c1"), Map.of("producer_byte_rate", "9"));

        assertThat(told.get("orders").segmentBytes()).isEqualTo(1000);
        assertThat(broker.current().logManager().backgroundThreads()).isEqualTo(11);
        assertThat(others)
                .containsOnly(Map.entry(new ConfigEntity("users/alice/clients/c1"), Map.of("producer_byte_rate", "9")));
    }

    @Test
    void aTopicThatOverridesNothingAnyMoreGoesBackToTheDefaults() {
        follower.start();
        change(ConfigEntity.topic("orders"), Map.of("retention.ms", "5"));

        change(ConfigEntity.topic("orders"), Map.of());

        assertThat(told.get("orders").retentionMs()).isEqualTo(604_800_000L);
    }

    @Test
    void readsEverythingAgainWithANewSession() {
        follower.start();
        change(ConfigEntity.topic("orders"), Map.of("retention.ms", "5"));
        store.put(ConfigEntity.topic("orders"), Map.of("retention.ms", "6"));
        store.put(ConfigEntity.broker(1), Map.of("background.threads", "13"));

        follower.onSessionEvent(new SessionEvent(SessionEvent.Kind.NEW_SESSION, 2));

        assertThat(told.get("orders").retentionMs()).isEqualTo(6);
        assertThat(broker.current().logManager().backgroundThreads()).isEqualTo(13);
    }

    @Test
    void triesAgainWhenTheStoreIsAway() {
        follower.start();
        store.failReads(1);

        change(ConfigEntity.topic("orders"), Map.of("retention.ms", "5"));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(told).containsKey("orders"));
    }

    @Test
    void aChangedDefaultReachesTopicsThatDoNotOverrideIt() {
        follower.start();
        broker.subscribe(new TopicDefaultsSubscriber(topics));
        change(ConfigEntity.topic("orders"), Map.of("segment.bytes", "1000"));
        topics.read(List.of("plain")).join();

        change(ConfigEntity.allBrokers(), Map.of("log.retention.ms", "77"));

        assertThat(told.get("orders").retentionMs()).isEqualTo(77);
        assertThat(told.get("orders").segmentBytes()).isEqualTo(1000);
        assertThat(told.get("plain").retentionMs()).isEqualTo(77);
    }

    @Test
    void readsNewTopicsOnlyOnce() {
        store.put(ConfigEntity.topic("orders"), Map.of("retention.ms", "5"));
        topics.read(List.of("orders", "plain")).join();
        store.failReads(1);

        topics.read(List.of("orders", "plain")).join();

        assertThat(topics.logConfig("orders").retentionMs()).isEqualTo(5);
        assertThat(topics.logConfig("plain").retentionMs()).isEqualTo(604_800_000L);
    }
}
