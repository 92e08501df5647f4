// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.session;

import java.util.Set;

/**
 * Creates topics because somebody asked for their metadata ({@code auto.create.topics.enable}), or because an internal
 * one is needed. Implemented by whoever can reach the controller.
 */
public interface TopicAutoCreator {
    /**
     * Starts the creation of topics with the broker's defaults (internal topics: with theirs) and returns at once.
     * A topic whose creation is already under way is not started again; failures are its own to log. The caller
     * answers {@code LEADER_NOT_AVAILABLE} or {@code UNKNOWN_TOPIC_OR_PARTITION} meanwhile, and the client asks again.
     *
     * @param topics valid names of topics absent from the metadata
     */
    void create(Set<String> topics);
}
