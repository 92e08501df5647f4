// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import io.barnabas.replica.log.FetchIsolation;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.replica.ClientMetadata;

/**
 * What a consumer or a follower asks to read.
 *
 * @param requestVersion the Fetch version, which decides some size rules (before 3 every limit is hard)
 * @param replicaId the follower's broker id, {@link #CONSUMER} for a consumer
 * @param replicaEpoch the follower's broker epoch (KIP-903), -1 if not told
 * @param maxWaitMs how long to wait for {@code minBytes}
 * @param minBytes the least to answer with before {@code maxWaitMs} is over
 * @param maxBytes the most to answer with; the first non-empty partition may exceed it (KIP-74)
 * @param isolation how far to read
 * @param clientMetadata rack and address of a consumer that may read from a follower (KIP-392); empty to read from the
 *     leader only
 * @param partitions what to read, in the order bytes are granted
 */
public record FetchCommand(
        short requestVersion,
        int replicaId,
        long replicaEpoch,
        int maxWaitMs,
        int minBytes,
        int maxBytes,
        FetchIsolation isolation,
        Optional<ClientMetadata> clientMetadata,
        List<Partition> partitions) {
    /** The replica id of an ordinary consumer. */
    public static final int CONSUMER = -1;

    private static final int FUTURE_LOCAL_REPLICA = -3;

    /**
     * One partition to read.
     *
     * @param topicIdPartition which; the id is zero below Fetch v13
     * @param fetchOffset the first offset wanted
     * @param logStartOffset the follower's log start offset, -1 from a consumer
     * @param maxBytes the most to answer with for it
     * @param currentLeaderEpoch the leader epoch the reader knows, -1 if none (KIP-320)
     * @param lastFetchedEpoch the epoch of the reader's last record, -1 if none (KIP-595)
     */
    public record Partition(
            TopicIdPartition topicIdPartition,
            long fetchOffset,
            long logStartOffset,
            int maxBytes,
            int currentLeaderEpoch,
            int lastFetchedEpoch) {}

    /** Whether a replica asks. */
    public boolean isFromFollower() {
        return replicaId >= 0;
    }

    /** Whether a consumer asks. */
    public boolean isFromConsumer() {
        return replicaId < 0 && replicaId != FUTURE_LOCAL_REPLICA;
    }

    /** Whether only the leader may answer: followers, debuggers' reads, and consumers that told no rack. */
    public boolean leaderOnly() {
        return isFromFollower() || (isFromConsumer() && clientMetadata.isEmpty());
    }

    /** Whether every byte limit is hard (Fetch v2 and older). */
    public boolean hardMaxBytesLimit() {
        return requestVersion <= 2;
    }
}
