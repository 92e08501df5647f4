// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** The topics queued for deletion, and how far each is. Part of the controller's state, owned by its loop. */
final class TopicDeletions {
    private final Map<String, Deletion> queued = new LinkedHashMap<>();

    boolean isQueued(String topic) {
        return queued.containsKey(topic);
    }

    Set<String> topics() {
        return Set.copyOf(queued.keySet());
    }

    Collection<Deletion> all() {
        return List.copyOf(queued.values());
    }

    Deletion get(String topic) {
        return queued.get(topic);
    }

    Deletion enqueue(String topic) {
        return queued.computeIfAbsent(topic, Deletion::new);
    }

    void remove(String topic) {
        queued.remove(topic);
    }

    /** How far a replica's deletion is; no entry: not begun. */
    enum Progress {
        STARTED,
        DONE,
        FAILED
    }

    /** A replica of a partition. */
    record Replica(TopicPartition partition, int broker) {}

    /** One topic's deletion. */
    static final class Deletion {
        final String topic;
        final Map<Replica, Progress> replicas = new HashMap<>();
        /** Whether brokers were told to forget the topic. */
        boolean announced;
        /** Whether this broker's own metadata cache has done so. */
        boolean forgotten;
        /** Why it cannot go on now, null if it can. */
        String blockedBecause;

        Deletion(String topic) {
            this.topic = topic;
        }

        boolean isRunning() {
            return replicas.containsValue(Progress.STARTED);
        }
    }
}
