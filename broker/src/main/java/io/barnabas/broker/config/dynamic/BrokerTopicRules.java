// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.plugin.Policies;
import io.barnabas.coordination.controller.NewTopic;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.TopicRules;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/** Answers the controller from this broker's settings as they are at that moment, and from its policy plug-in. */
public final class BrokerTopicRules implements TopicRules, AutoCloseable {
    private final DynamicBrokerConfig config;
    private final Optional<CreateTopicPolicy> policy;

    public BrokerTopicRules(DynamicBrokerConfig config) {
        this.config = config;
        this.policy = Policies.load(config.current(), "create.topic.policy.class.name", CreateTopicPolicy.class);
    }

    @Override
    public boolean uncleanElectionByDefault() {
        return config.current().controller().uncleanLeaderElection();
    }

    @Override
    public int defaultPartitions() {
        return config.current().topicCreation().partitions();
    }

    @Override
    public short defaultReplicationFactor() {
        return (short) config.current().topicCreation().replicationFactor();
    }

    @Override
    public Refusal validate(Map<String, String> configs) {
        List<String> unset = configs.keySet().stream()
                .filter(key -> Objects.isNull(configs.get(key)))
                .sorted()
                .toList();
        if (!unset.isEmpty()) {
            return new Refusal(
                    Errors.INVALID_CONFIG, "Null value not supported for topic configs: " + String.join(",", unset));
        }
        try {
            TopicConfigs.validate(configs, config.current());
            return Refusal.NONE;
        } catch (ConfigException | InvalidConfigurationException e) {
            return new Refusal(Errors.INVALID_CONFIG, e.getMessage());
        }
    }

    @Override
    public Refusal askCreatePolicy(NewTopic topic, Optional<Map<Integer, List<Integer>>> chosen) {
        if (policy.isEmpty()) {
            return Refusal.NONE;
        }
        boolean counted = chosen.isEmpty();
        CreateTopicPolicy.RequestMetadata request = new CreateTopicPolicy.RequestMetadata(
                topic.name(),
                counted ? topic.numPartitions() : null,
                counted ? topic.replicationFactor() : null,
                chosen.orElse(null),
                topic.configs());
        try {
            policy.get().validate(request);
            return Refusal.NONE;
        } catch (PolicyViolationException e) {
            return new Refusal(Errors.POLICY_VIOLATION, e.getMessage());
        }
    }

    @Override
    public void close() {
        policy.ifPresent(plugIn -> Utils.closeQuietly(plugIn, "create.topic.policy.class.name"));
    }
}
