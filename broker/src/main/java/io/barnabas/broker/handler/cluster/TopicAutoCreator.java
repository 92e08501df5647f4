// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Creates topics because somebody asked for their metadata ({@code auto.create.topics.enable}), or because an internal
 * one is needed. Implemented by whoever can reach the controller.
 */
public interface TopicAutoCreator {
    /**
     * Starts the creation of topics with the broker's defaults (internal topics: with theirs). A topic whose creation
     * is already under way is not started again.
     *
     * @param topics valid names of topics absent from the metadata
     * @return completes soon, on any thread, with what to tell the client of each topic: {@code LEADER_NOT_AVAILABLE}
     *     if it was created (the client asks again), {@code UNKNOWN_TOPIC_OR_PARTITION} while its creation is under way,
     *     else why it was not, such as {@code INVALID_REPLICATION_FACTOR}; a topic left out counts as under way
     */
    CompletionStage<Map<String, Errors>> create(Set<String> topics);
}
