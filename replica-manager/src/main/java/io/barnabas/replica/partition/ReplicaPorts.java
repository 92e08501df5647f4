// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.fetch.ReplicaFetchers;
import io.barnabas.replica.fetch.ReplicationQuota;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.replica.ReplicaSelector;

/**
 * What the replicas need of the rest of the process. All of it may be called from any thread and must not block, but
 * for {@code logDirFailures}.
 *
 * @param isrProposals where in-sync sets are proposed
 * @param fetchers who fetches for followed partitions
 * @param clusterImage the metadata cache
 * @param brokerEpoch the epoch of this broker's registration, -1 without one
 * @param mayAcknowledge whether appends may be acknowledged: false once this broker cannot know whether it still leads
 *     (its session's lease ran out); appends are then answered NOT_LEADER_OR_FOLLOWER
 * @param leaderQuota the throttle of what followers read (KIP-73)
 * @param moveQuota the throttle of moves between this broker's log directories (KIP-113)
 * @param replicaSelector {@code replica.selector.class}, configured, if set (KIP-392)
 * @param logDirFailures tells the controller that a log directory failed; called off the event loops
 * @param clock the time of day
 * @param ticker monotonic nanoseconds, for intervals
 * @param scheduler for periodic work and time-outs; its tasks are short
 * @param executor runs what timed out, and periodic work that touches the disk
 * @param longWork runs what a client asks for and an event loop has no time for: decompressing much. Bounded threads;
 *     whoever is waited for must not depend on it
 * @param events where decisions are told
 */
public record ReplicaPorts(
        IsrProposals isrProposals,
        ReplicaFetchers fetchers,
        Supplier<ClusterImage> clusterImage,
        LongSupplier brokerEpoch,
        BooleanSupplier mayAcknowledge,
        ReplicationQuota leaderQuota,
        ReplicationQuota moveQuota,
        Optional<ReplicaSelector> replicaSelector,
        Consumer<Path> logDirFailures,
        Clock clock,
        LongSupplier ticker,
        ScheduledExecutorService scheduler,
        Executor executor,
        Executor longWork,
        EventSink events) {}
