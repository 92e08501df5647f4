// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ChangeHint;
import io.barnabas.coordination.store.ChangeHint.Kind;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.Watcher.Event.EventType;

/** The places that are watched, what kinds of hints each gives, and what an event below it means. */
enum WatchRoot {
    BROKERS(ZnodePaths.BROKER_IDS, Shape.CHILDREN_AND_THEIR_DATA, Kind.BROKERS, Kind.BROKER),
    CONTROLLER(ZnodePaths.CONTROLLER, Shape.NODE, Kind.CONTROLLER),
    TOPICS(ZnodePaths.TOPICS, Shape.CHILDREN_AND_THEIR_DATA, Kind.TOPICS, Kind.TOPIC, Kind.PARTITION_STATE),
    TOPIC_DELETIONS(ZnodePaths.DELETE_TOPICS, Shape.CHILDREN, Kind.TOPIC_DELETIONS),
    CONFIG_CHANGES(ZnodePaths.CONFIG_CHANGES, Shape.CHILDREN, Kind.CONFIG_CHANGES),
    FEATURES(ZnodePaths.FEATURE, Shape.NODE, Kind.FEATURES),
    ISR_CHANGES(ZnodePaths.ISR_CHANGES, Shape.CHILDREN, Kind.ISR_CHANGES),
    LOG_DIR_FAILURES(ZnodePaths.LOG_DIR_EVENTS, Shape.CHILDREN, Kind.LOG_DIR_FAILURES),
    LEGACY_REASSIGNMENT(ZnodePaths.REASSIGN_PARTITIONS, Shape.NODE, Kind.LEGACY_REASSIGNMENT),
    PREFERRED_ELECTION(ZnodePaths.PREFERRED_ELECTION, Shape.NODE, Kind.PREFERRED_ELECTION);

    /** What matters there. */
    enum Shape {
        /** The node itself: whether it exists, and its data. */
        NODE,
        /** Which children it has. */
        CHILDREN,
        /** Which children it has, and the data of each. */
        CHILDREN_AND_THEIR_DATA
    }

    private static final String STATE = "/state";
    private static final String PARTITIONS = "/partitions/";

    private final String path;
    private final Shape shape;
    private final Set<Kind> kinds;

    WatchRoot(String path, Shape shape, Kind first, Kind... more) {
        this.path = path;
        this.shape = shape;
        this.kinds = EnumSet.of(first, more);
    }

    String path() {
        return path;
    }

    Shape shape() {
        return shape;
    }

    Set<Kind> kinds() {
        return kinds;
    }

    /** The roots that have to be watched for these kinds. */
    static Set<WatchRoot> of(Set<Kind> wanted) {
        Set<WatchRoot> roots = EnumSet.noneOf(WatchRoot.class);
        for (WatchRoot root : values()) {
            if (root.kinds.stream().anyMatch(wanted::contains)) {
                roots.add(root);
            }
        }
        return roots;
    }

    /** What an event at or below this root means; empty if nothing of interest. */
    Optional<ChangeHint> hint(String eventPath, EventType type) {
        return switch (shape) {
            case NODE -> eventPath.equals(path) ? Optional.of(ChangeHint.any(only())) : Optional.empty();
            case CHILDREN -> childrenHint(eventPath, type);
            case CHILDREN_AND_THEIR_DATA -> deepHint(eventPath, type);
        };
    }

    private Kind only() {
        return kinds.iterator().next();
    }

    /** Notes going away are no news, except requested deletions, which the root's owner counts. */
    private Optional<ChangeHint> childrenHint(String eventPath, EventType type) {
        boolean news = type != EventType.NodeDeleted || this == TOPIC_DELETIONS || eventPath.equals(path);
        return news ? Optional.of(ChangeHint.any(only())) : Optional.empty();
    }

    private Optional<ChangeHint> deepHint(String eventPath, EventType type) {
        if (eventPath.length() <= path.length() + 1) {
            return Optional.of(ChangeHint.any(listKind()));
        }
        String below = eventPath.substring(path.length() + 1);
        if (below.indexOf('/') >= 0) {
            return this == TOPICS ? stateHint(below) : Optional.empty();
        }
        return Optional.of(
                type == EventType.NodeDataChanged ? new ChangeHint(dataKind(), below) : ChangeHint.any(listKind()));
    }

    private Kind listKind() {
        return this == BROKERS ? Kind.BROKERS : Kind.TOPICS;
    }

    private Kind dataKind() {
        return this == BROKERS ? Kind.BROKER : Kind.TOPIC;
    }

    private static Optional<ChangeHint> stateHint(String below) {
        int partitions = below.indexOf(PARTITIONS);
        if (partitions < 0 || !below.endsWith(STATE)) {
            return Optional.empty();
        }
        String topic = below.substring(0, partitions);
        String partition = below.substring(partitions + PARTITIONS.length(), below.length() - STATE.length());
        return Optional.of(new ChangeHint(Kind.PARTITION_STATE, topic + "-" + partition));
    }
}
