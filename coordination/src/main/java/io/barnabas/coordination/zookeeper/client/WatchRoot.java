// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHint.Kind;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.Watcher.Event.EventType;

/** The places that are watched, what kinds of hints each gives, and what an event at or below it means. */
enum WatchRoot {
    BROKERS(ZnodePaths.BROKER_IDS, Kind.BROKERS, Kind.BROKER),
    CONTROLLER(ZnodePaths.CONTROLLER, Kind.CONTROLLER),
    TOPICS(ZnodePaths.TOPICS, Kind.TOPICS, Kind.TOPIC, Kind.PARTITION_STATE),
    TOPIC_DELETIONS(ZnodePaths.DELETE_TOPICS, Kind.TOPIC_DELETIONS),
    CONFIG_CHANGES(ZnodePaths.CONFIG_CHANGES, Kind.CONFIG_CHANGES),
    FEATURES(ZnodePaths.FEATURE, Kind.FEATURES),
    ISR_CHANGES(ZnodePaths.ISR_CHANGES, Kind.ISR_CHANGES),
    LOG_DIR_FAILURES(ZnodePaths.LOG_DIR_EVENTS, Kind.LOG_DIR_FAILURES),
    LEGACY_REASSIGNMENT(ZnodePaths.REASSIGN_PARTITIONS, Kind.LEGACY_REASSIGNMENT),
    PREFERRED_ELECTION(ZnodePaths.PREFERRED_ELECTION, Kind.PREFERRED_ELECTION);

    /** Places where notes pile up: one going away is no news. */
    private static final Set<Kind> NOTES = Set.of(Kind.CONFIG_CHANGES, Kind.ISR_CHANGES, Kind.LOG_DIR_FAILURES);

    private static final String STATE = "/state";
    private static final String PARTITIONS = "/partitions/";

    private final String path;
    private final List<Kind> kinds;

    /** @param kinds that the place itself changed, that one of its children did, that something below a child did */
    WatchRoot(String path, Kind... kinds) {
        this.path = path;
        this.kinds = List.of(kinds);
    }

    String path() {
        return path;
    }

    List<Kind> kinds() {
        return kinds;
    }

    /** The roots that have to be watched for these kinds. */
    static List<WatchRoot> of(Set<Kind> wanted) {
        return Arrays.stream(values())
                .filter(root -> root.kinds.stream().anyMatch(wanted::contains))
                .toList();
    }

    /** What an event at or below this root means; empty if nothing of interest. */
    Optional<ChangeHint> hint(String eventPath, EventType type) {
        Kind own = kinds.get(0);
        if (eventPath.length() <= path.length() + 1) {
            return Optional.of(ChangeHint.any(own));
        }
        String below = eventPath.substring(path.length() + 1);
        if (below.indexOf('/') >= 0) {
            return this == TOPICS ? stateHint(below) : Optional.empty();
        }
        if (kinds.size() > 1 && type == EventType.NodeDataChanged) {
            return Optional.of(new ChangeHint(kinds.get(1), below));
        }
        boolean isNews = type != EventType.NodeDeleted || !NOTES.contains(own);
        return isNews ? Optional.of(ChangeHint.any(own)) : Optional.empty();
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
