// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the controller must know of topic configs, implemented where configs are understood. Called on the controller's
 * loop: answers from memory, never blocks.
 */
public interface TopicRules {
    /** {@code unclean.leader.election.enable} where the topic itself does not say. */
    boolean uncleanElectionByDefault();

    /** {@code num.partitions}. */
    int defaultPartitions();

    /** {@code default.replication.factor}. */
    short defaultReplicationFactor();

    /**
     * Checks the overrides of a new topic as Kafka's LogConfig does.
     *
     * @return INVALID_CONFIG with Kafka's message, or none
     */
    Refusal validate(Map<String, String> configs);

    /**
     * Asks {@code create.topic.policy.class.name}, if there is one.
     *
     * @param topic as asked, with defaults resolved where no assignment was given
     * @param chosen the asker's own assignment, if it gave one
     * @return POLICY_VIOLATION with the policy's message, or none
     */
    Refusal askCreatePolicy(NewTopic topic, Optional<Map<Integer, List<Integer>>> chosen);
}
