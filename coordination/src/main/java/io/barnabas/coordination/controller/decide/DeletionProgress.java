// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.picture.ClusterPicture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * How far this term's controller is with each topic that the picture says is queued for deletion. Owned by the loop; a
 * new term starts with nothing done.
 */
public final class DeletionProgress {
    private final ClusterPicture picture;
    private final Map<String, Deletion> deletions = new HashMap<>();

    /** @param picture says which topics are queued for deletion */
    public DeletionProgress(ClusterPicture picture) {
        this.picture = picture;
    }

    /** The deletions of all queued topics, first come first; a copy. */
    public List<Deletion> all() {
        List<String> queued = picture.deleting();
        deletions.keySet().retainAll(queued);
        return queued.stream().map(this::get).toList();
    }

    /** The deletion of this topic, null if it is not queued. */
    public Deletion get(String topic) {
        if (!picture.isBeingDeleted(topic)) {
            deletions.remove(topic);
            return null;
        }
        return deletions.computeIfAbsent(topic, Deletion::new);
    }

    /** How far a replica's deletion is. */
    public enum Progress {
        /** Nothing was ordered yet, or what failed is to be tried again. */
        NOT_STARTED,
        /** Its broker was ordered to delete it. */
        STARTED,
        /** Its broker said that it is gone. */
        DONE,
        /** Its broker could not be reached, or could not do it. */
        FAILED
    }

    /**
     * A replica of a partition.
     *
     * @param partition which partition
     * @param broker the broker it is on
     */
    public record Replica(TopicPartition partition, int broker) {}

    /** One topic's deletion. */
    public static final class Deletion {
        private final String topic;
        private final Map<Replica, Progress> replicas = new HashMap<>();
        private boolean announced;
        private boolean forgotten;
        private String blockedBecause;

        private Deletion(String topic) {
            this.topic = topic;
        }

        /** The topic's name. */
        public String topic() {
            return topic;
        }

        /** How far this replica is. */
        public Progress progress(Replica replica) {
            return replicas.getOrDefault(replica, Progress.NOT_STARTED);
        }

        /** Takes note of how far this replica is. */
        public void mark(Replica replica, Progress progress) {
            replicas.put(replica, progress);
        }

        /** Whether a broker has yet to answer an order to delete. */
        public boolean isRunning() {
            return replicas.containsValue(Progress.STARTED);
        }

        /** Whether brokers were told to forget the topic. */
        public boolean isAnnounced() {
            return announced;
        }

        /** Brokers are told to forget the topic. */
        public void announced() {
            announced = true;
        }

        /** Whether this broker's own metadata cache has forgotten the topic. */
        public boolean isForgotten() {
            return forgotten;
        }

        /** This broker's own metadata cache has forgotten the topic. */
        public void forgotten() {
            forgotten = true;
        }

        /** Whether it cannot go on for now. */
        public boolean isBlocked() {
            return blockedBecause != null;
        }

        /** It cannot go on; returns whether this reason is new. */
        public boolean block(String why) {
            boolean isNew = !why.equals(blockedBecause);
            blockedBecause = why;
            return isNew;
        }

        /** What was in the way may be gone: replicas that failed are tried again. */
        public void unblock() {
            blockedBecause = null;
            replicas.values().removeIf(progress -> progress == Progress.FAILED);
        }
    }
}
