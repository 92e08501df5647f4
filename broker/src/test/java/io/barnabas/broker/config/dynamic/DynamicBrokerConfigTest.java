// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.key.KeyTableTest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class DynamicBrokerConfigTest {
    private static final Map<String, String> FIXED = Map.of(
            "zookeeper.connect", "localhost:2181",
            "broker.id", "1",
            "log.retention.hours", "100",
            "log.cleaner.dedupe.buffer.size", "4194304",
            "password.encoder.secret", "s3cret");

    private final DynamicBrokerConfig config = new DynamicBrokerConfig(FIXED, new SecureRandom());

    private int threads() {
        return config.current().logManager().backgroundThreads();
    }

    @Test
    void oneBrokersValueBeatsThatOfAllWhichBeatsTheFileWhichBeatsTheDefault() {
        assertThat(threads()).isEqualTo(10);

        config.updateForAll(Map.of("background.threads", "7"));
        assertThat(threads()).isEqualTo(7);

        config.updateForThis(Map.of("background.threads", "8"));
        assertThat(threads()).isEqualTo(8);

        config.updateForThis(Map.of());
        assertThat(threads()).isEqualTo(7);

        config.updateForAll(Map.of());
        assertThat(threads()).isEqualTo(10);
    }

    @Test
    void aStrongerLayersMillisecondsBeatAWeakerOnesHours() {
        assertThat(config.current().topicDefaults().retentionMs()).isEqualTo(360_000_000L);

        config.updateForAll(Map.of("log.retention.ms", "5555"));

        assertThat(config.current().topicDefaults().retentionMs()).isEqualTo(5555L);
    }

    @Test
    void tellsThoseConcernedAndNobodyElse() {
        List<String> heard = new ArrayList<>();
        config.subscribe(subscriber("background.threads", heard));
        config.subscribe(subscriber("max.connections", heard));

        config.updateForThis(Map.of("background.threads", "12"));
        config.updateForThis(Map.of("background.threads", "12", "listener.name.plaintext.max.connections", "5"));

        assertThat(heard).containsExactly("background.threads", "max.connections");
    }

    private static ConfigSubscriber subscriber(String key, List<String> heard) {
        return new ConfigSubscriber() {
            @Override
            public Set<String> keys() {
                return Set.of(key);
            }

            @Override
            public void changed(BarnabasConfig before, BarnabasConfig after) {
                heard.add(key);
            }
        };
    }

    @Test
    void aSetThatBreaksARuleIsNotAppliedAndTheOldOneStays() {
        config.updateForAll(Map.of("background.threads", "7"));

        config.updateForAll(Map.of("background.threads", "9", "log.roll.ms", "0"));

        assertThat(threads()).isEqualTo(7);
    }

    @Test
    void leavesOutWhatMayNotBeSetThisWay() {
        config.updateForAll(Map.of(
                "background.threads", "7",
                "broker.id", "9",
                "ssl.keystore.location", "/x",
                "advertised.listeners", "PLAINTEXT://elsewhere:1"));

        assertThat(config.forAllBrokers()).containsExactly(Map.entry("background.threads", "7"));
    }

    @Test
    void takesAnyStepFromTheStoreButAdmitsOnlySmallOnes() {
        assertThatThrownBy(() -> config.validate(Map.of("background.threads", "21"), true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Dynamic thread count update validation failed for background.threads=21, value"
                        + " should not be greater than double the current value 10");

        config.updateForThis(Map.of("background.threads", "21"));

        assertThat(threads()).isEqualTo(21);
    }

    @Test
    void refusesWithKafkasWords() {
        assertRefused(Map.of("broker.id", "5"), true, "Cannot update these configs dynamically: Set(broker.id)");
        assertRefused(
                Map.of("advertised.listeners", "PLAINTEXT://x:1"),
                false,
                "Cannot update these configs at default cluster level, broker id must be specified:"
                        + " Set(advertised.listeners)");
        assertRefused(
                Map.of("background.threads", "x"),
                true,
                "Invalid value x for configuration background.threads: Not a number of type INT");
        assertRefused(
                Map.of("leader.replication.throttled.rate", "-1"),
                true,
                "Invalid value -1 for configuration leader.replication.throttled.rate: Value must be at least 0");
    }

    private void assertRefused(Map<String, String> values, boolean oneBroker, String message) {
        assertThatThrownBy(() -> config.validate(values, oneBroker))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void acceptsKeysNobodyKnows() {
        assertThatCode(() -> config.validate(Map.of("my.plugin.key", "x"), false))
                .doesNotThrowAnyException();
    }

    @Test
    void throttlesComeFromTheDynamicLayersOnly() {
        List<ReplicationThrottles> heard = new ArrayList<>();
        config.onThrottles(heard::add);

        config.updateForAll(Map.of("leader.replication.throttled.rate", "1000"));
        config.updateForThis(Map.of("leader.replication.throttled.rate", "500"));
        config.updateForThis(Map.of("background.threads", "9"));

        assertThat(heard)
                .extracting(ReplicationThrottles::leaderBytesPerSecond)
                .containsExactly(Long.MAX_VALUE, 1000L, 500L, 1000L);
    }

    @Test
    void readsPasswordsThatKafkaWrote() {
        List<String> encrypted = KeyTableTest.lines("kafka-3.9.2-encrypted-passwords.txt");

        config.updateForThis(Map.of(
                "listener.name.plaintext.ssl.key.password", encrypted.get(0),
                "listener.name.plaintext.ssl.keystore.password", encrypted.get(1),
                "listener.name.plaintext.ssl.truststore.password", "nonsense"));

        assertThat(config.forThisBroker())
                .containsOnly(
                        Map.entry("listener.name.plaintext.ssl.key.password", "pässword:1,2"),
                        Map.entry("listener.name.plaintext.ssl.keystore.password", "geheim"));
    }

    @Test
    void storesPasswordsEncryptedAndReadsThemBack() {
        Map<String, String> clear = Map.of("listener.name.plaintext.ssl.key.password", "geheim", "num.io.threads", "9");

        Map<String, String> stored = config.toStored(clear);

        assertThat(stored.get("listener.name.plaintext.ssl.key.password"))
                .doesNotContain("geheim")
                .contains("encryptedPassword:");
        assertThat(config.readStored(stored, true)).isEqualTo(clear);
    }

    @Test
    void storesNoPasswordWithoutASecret() {
        DynamicBrokerConfig withoutSecret =
                new DynamicBrokerConfig(Map.of("zookeeper.connect", "x:1"), new SecureRandom());

        assertThatThrownBy(() -> withoutSecret.toStored(Map.of("listener.name.plaintext.ssl.key.password", "geheim")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("password.encoder.secret");
    }
}
