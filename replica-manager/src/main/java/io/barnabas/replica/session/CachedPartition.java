// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.session;

import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** One partition of a session: what was asked last, and what was last told. Owned by its {@link FetchSession}. */
final class CachedPartition {
    private static final long NEVER_TOLD = -1L;

    private FetchCommand.Partition asked;
    private long highWatermark = NEVER_TOLD;
    private long logStartOffset = NEVER_TOLD;

    CachedPartition(FetchCommand.Partition asked) {
        this.asked = asked;
    }

    /**
     * How a session knows its partitions: by topic id from Fetch v13 on, else by name. Compares by hand: a record's own
     * comparison goes through method handles, which the JVM's first compiler does not see through.
     *
     * @param topicId the id, zero below v13
     * @param topic the name, null from v13 on, as it may be unknown
     * @param partition the index
     */
    record Key(Uuid topicId, String topic, int partition) {
        static Key of(TopicIdPartition partition) {
            boolean byName = partition.topicId().equals(Uuid.ZERO_UUID);
            return new Key(partition.topicId(), byName ? partition.topic() : null, partition.partition());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that
                    && partition == that.partition
                    && topicId.equals(that.topicId)
                    && Objects.equals(topic, that.topic);
        }

        @Override
        public int hashCode() {
            return (topicId.hashCode() * 31 + partition) * 31 + Objects.hashCode(topic);
        }
    }

    FetchCommand.Partition asked() {
        return asked;
    }

    void ask(FetchCommand.Partition next) {
        asked = next;
    }

    /** Looks the topic's name up if it was not known when the partition was added. */
    void resolveName(Function<Uuid, String> topicNames) {
        TopicIdPartition id = asked.topicIdPartition();
        if (id.topic() != null) {
            return;
        }
        String name = topicNames.apply(id.topicId());
        if (name != null) {
            asked = new FetchCommand.Partition(
                    new TopicIdPartition(id.topicId(), id.partition(), name),
                    asked.fetchOffset(),
                    asked.logStartOffset(),
                    asked.maxBytes(),
                    asked.currentLeaderEpoch(),
                    asked.lastFetchedEpoch());
        }
    }

    /** Notes an answer of a full fetch, which tells everything. */
    void told(FetchResult result) {
        highWatermark = result.highWatermark();
        logStartOffset = result.logStartOffset();
    }

    /** Whether an answer is news; notes it if so. After an error the partition is told again in any case. */
    boolean isNews(FetchResult result) {
        boolean news = result.records().sizeInBytes() > 0
                || result.highWatermark() != highWatermark
                || result.logStartOffset() != logStartOffset
                || result.preferredReadReplica() != FetchResult.NO_PREFERRED_REPLICA
                || result.divergingEpoch().isPresent();
        told(result);
        if (result.error() != Errors.NONE) {
            highWatermark = NEVER_TOLD;
            return true;
        }
        return news;
    }
}
