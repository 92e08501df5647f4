// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.event;

import io.barnabas.coordination.event.Event;
import org.apache.kafka.common.Uuid;

/** What is told of topics. */
public final class TopicEvents {
    private TopicEvents() {}

    /** A topic is known, with its partitions. */
    public record TopicCreated(String topic, Uuid topicId, int partitions, int controllerEpoch, String why)
            implements Event {}

    /**
     * A topic is created, but its creation is not answered.
     *
     * @param leaderless how many of its partitions have no leader
     */
    public record TopicCreationWaits(String topic, int leaderless, int controllerEpoch, String why) implements Event {}

    /**
     * A topic has more partitions.
     *
     * @param added how many are new
     * @param partitions how many there are now
     */
    public record PartitionsAdded(String topic, int added, int partitions, int controllerEpoch, String why)
            implements Event {}

    /** All brokers are told to forget a topic, and replicas to delete their logs. */
    public record TopicDeletionStarted(String topic, int partitions, int controllerEpoch, String why)
            implements Event {}

    /** A deletion cannot go on for now. */
    public record TopicDeletionWaits(String topic, int controllerEpoch, String why) implements Event {}

    /** A topic is gone. */
    public record TopicDeleted(String topic, Uuid topicId, int partitions, int controllerEpoch, String why)
            implements Event {}
}
