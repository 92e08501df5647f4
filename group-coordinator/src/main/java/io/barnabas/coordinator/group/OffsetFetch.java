// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Reading committed offsets back. */
public final class OffsetFetch {
    /** Stands for "nothing committed". */
    public static final long NO_OFFSET = -1L;

    private OffsetFetch() {}

    /**
     * What to read.
     *
     * @param requireStable whether partitions with commits under way are answered with UNSTABLE_OFFSET_COMMIT (KIP-447)
     * @param partitions which ones; empty for all the group committed
     */
    public record Request(String groupId, boolean requireStable, Optional<List<TopicPartition>> partitions) {}

    /**
     * The answer.
     *
     * @param error of the group; the offsets are empty if it is not NONE
     * @param offsets in the order they were asked for
     */
    public record Result(Errors error, Map<TopicPartition, FetchedOffset> offsets) {
        /** Copies the offsets, in their order. */
        public Result {
            offsets = Collections.unmodifiableMap(new LinkedHashMap<>(offsets));
        }

        /** An answer that carries nothing but an error. */
        public static Result failed(Errors error) {
            return new Result(error, Map.of());
        }
    }

    /**
     * The offset of one partition.
     *
     * @param offset {@link #NO_OFFSET} if there is none
     * @param leaderEpoch {@link CommittedOffset#NO_LEADER_EPOCH} if unknown
     */
    public record FetchedOffset(long offset, int leaderEpoch, String metadata, Errors error) {
        /** No offset, for a partition without a commit or with an error. */
        public static FetchedOffset none(Errors error) {
            return new FetchedOffset(NO_OFFSET, CommittedOffset.NO_LEADER_EPOCH, "", error);
        }
    }
}
