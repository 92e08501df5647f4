// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.config.key.ConfigurationException;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.Test;

class BrokerTopicRulesTest {
    /** Wants three replicas, or its own assignment. */
    public static final class ThreeReplicas implements CreateTopicPolicy {
        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void validate(RequestMetadata request) {
            if (request.replicasAssignments() == null && request.replicationFactor() < 3) {
                throw new PolicyViolationException("three replicas, please");
            }
        }

        @Override
        public void close() {}
    }

    private static BrokerTopicRules rules(String... settings) {
        Map<String, String> properties = new HashMap<>(Map.of("zookeeper.connect", "x:1"));
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        return new BrokerTopicRules(new DynamicBrokerConfig(properties, new SecureRandom()));
    }

    private static NewTopic topic(int replicas) {
        return new NewTopic("t", 1, (short) replicas, Map.of(), Map.of());
    }

    @Test
    void checksOverridesWithKafkasWords() {
        try (BrokerTopicRules rules = rules()) {
            assertThat(rules.validate(Map.of("retention.ms", "5"))).isEqualTo(Refusal.NONE);
            assertThat(rules.validate(Map.of("retention.ms", "x")))
                    .isEqualTo(new Refusal(
                            Errors.INVALID_CONFIG,
                            "Invalid value x for configuration retention.ms: Not a number of type LONG"));
            assertThat(rules.validate(Map.of("foo", "x")))
                    .isEqualTo(new Refusal(Errors.INVALID_CONFIG, "Unknown topic config name: foo"));
            Map<String, String> unset = new HashMap<>();
            unset.put("segment.bytes", null);
            assertThat(rules.validate(unset))
                    .isEqualTo(new Refusal(
                            Errors.INVALID_CONFIG, "Null value not supported for topic configs: segment.bytes"));
        }
    }

    @Test
    void takesDefaultsFromTheBroker() {
        try (BrokerTopicRules rules = rules("num.partitions", "6", "default.replication.factor", "3")) {
            assertThat(rules.defaultPartitions()).isEqualTo(6);
            assertThat(rules.defaultReplicationFactor()).isEqualTo((short) 3);
            assertThat(rules.uncleanElectionByDefault()).isFalse();
        }
    }

    @Test
    void asksTheOperatorsPolicy() {
        try (BrokerTopicRules rules = rules("create.topic.policy.class.name", ThreeReplicas.class.getName())) {
            assertThat(rules.askCreatePolicy(topic(3), Optional.empty())).isEqualTo(Refusal.NONE);
            assertThat(rules.askCreatePolicy(topic(1), Optional.empty()))
                    .isEqualTo(new Refusal(Errors.POLICY_VIOLATION, "three replicas, please"));
            assertThat(rules.askCreatePolicy(topic(-1), Optional.of(Map.of(0, List.of(1)))))
                    .isEqualTo(Refusal.NONE);
        }
    }

    @Test
    void refusesAPolicyThatIsNone() {
        assertThatThrownBy(() -> rules("create.topic.policy.class.name", "java.lang.String"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("create.topic.policy.class.name names java.lang.String");
    }
}
