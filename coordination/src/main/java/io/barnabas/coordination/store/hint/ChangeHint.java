// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.hint;

/**
 * Something changed, or may have: whoever owns the picture reads it again.
 *
 * @param kind where to look
 * @param name which one: a broker id, a topic, {@code topic-partition}; empty if it can be any of this kind
 */
public record ChangeHint(Kind kind, String name) {
    /** The places that are watched. */
    public enum Kind {
        /** Brokers came or went. */
        BROKERS,
        /** A broker's registration was rewritten. */
        BROKER,
        CONTROLLER,
        /** Topics were created or deleted. */
        TOPICS,
        /** A topic's assignment changed. */
        TOPIC,
        /** A partition's state changed; not available from servers before ZooKeeper 3.6. */
        PARTITION_STATE,
        TOPIC_DELETIONS,
        CONFIG_CHANGES,
        FEATURES,
        ISR_CHANGES,
        LOG_DIR_FAILURES,
        LEGACY_REASSIGNMENT,
        PREFERRED_ELECTION
    }

    /** Any of the kind. */
    public static ChangeHint any(Kind kind) {
        return new ChangeHint(kind, "");
    }
}
