// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Who fetches what: the way in for the role changes of partitions. Thread-safe; nothing here blocks.
 */
public interface ReplicaFetchers extends AutoCloseable {
    /**
     * Fetches the partitions from their leaders. One that is already fetched under the same leader epoch goes on
     * undisturbed; otherwise it starts with truncation. Partitions parked after a failure are taken up again.
     */
    void add(Collection<FetchAssignment> assignments);

    /**
     * Stops fetching the partitions. Completes once no fetcher will touch them any more; until then only the leader
     * epoch at the {@link FollowerLog} keeps a late append out.
     */
    CompletableFuture<Void> remove(Collection<TopicPartition> partitions);

    /** Closes the connections of fetchers that have nothing left to fetch. */
    void shutdownIdle();

    /** Partitions parked after a failure that only a new LeaderAndIsr heals ({@code FailedPartitionsCount}). */
    int failedPartitions();

    /** The largest lag in records over all partitions, 0 if none is known ({@code MaxLag}). */
    long maxLag();

    /** Changes {@code num.replica.fetchers}; partitions move to their new fetchers. */
    void resize(int fetchersPerLeader);

    /** Stops all fetchers. */
    @Override
    void close();
}
