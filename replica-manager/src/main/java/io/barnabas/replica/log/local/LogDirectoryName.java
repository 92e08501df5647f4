// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.cluster.RandomIds;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The name of a log's directory.
 *
 * @param partition whose log
 * @param kind what it is
 */
record LogDirectoryName(TopicPartition partition, Kind kind) {
    private static final int MAX_NAME = 255;

    /** What a log's directory is for; the suffix tells. */
    enum Kind {
        CURRENT(""),
        FUTURE("-future"),
        DELETED("-delete"),
        STRAY("-stray");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }
    }

    /** {@code topic-N}, or {@code topic-N.<id>-<kind>}, the topic cut short if the name became too long. */
    static String name(TopicPartition partition, Kind kind, RandomIds ids) {
        if (kind == Kind.CURRENT) {
            return partition.topic() + "-" + partition.partition();
        }
        String unique = ids.javaUuid().toString().replace("-", "");
        String suffix = "-" + partition.partition() + "." + unique + kind.suffix;
        String topic = partition.topic();
        boolean cut = kind != Kind.FUTURE && topic.length() > MAX_NAME - suffix.length();
        return (cut ? topic.substring(0, MAX_NAME - suffix.length()) : topic) + suffix;
    }

    /** What a directory's name says; empty if it is not a log's. */
    static Optional<LogDirectoryName> parse(Path directory) {
        String name = directory.getFileName().toString();
        if (name.isEmpty() || name.indexOf('-') < 0) {
            return Optional.empty();
        }
        Kind kind = Kind.CURRENT;
        for (Kind candidate : Kind.values()) {
            if (candidate != Kind.CURRENT && name.endsWith(candidate.suffix)) {
                kind = candidate;
            }
        }
        if (kind != Kind.CURRENT) {
            int dot = name.lastIndexOf('.');
            if (dot < 0) {
                return Optional.empty();
            }
            name = name.substring(0, dot);
        }
        int dash = name.lastIndexOf('-');
        if (dash <= 0 || dash == name.length() - 1) {
            return Optional.empty();
        }
        try {
            int partition = Integer.parseInt(name.substring(dash + 1));
            return partition < 0
                    ? Optional.empty()
                    : Optional.of(new LogDirectoryName(new TopicPartition(name.substring(0, dash), partition), kind));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
