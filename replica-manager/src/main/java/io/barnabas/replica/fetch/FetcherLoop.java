// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.fetch.FetchAnswer.PartitionAnswer;
import io.barnabas.replica.log.DiskFullException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches from one leader what one fetcher id is given. Has no thread: each answer is handled on the leader's end point's
 * executor, which alone touches the state, and sends the next fetch; a timer wakes it only for delayed partitions.
 */
final class FetcherLoop {
    private static final Logger LOG = LoggerFactory.getLogger(FetcherLoop.class);
    private static final long HOUSEKEEPING_INTERVAL_MS = 1000L;

    private final LeaderEndPoint leader;
    private final FetcherEnvironment environment;
    private final FetcherState state;
    private final LeaderAligner aligner;
    private final Consumer<FetchAssignment> onParked;
    private final String name;
    private final int maxWaitMs;

    private boolean fetching;
    private boolean stopped;
    private long lastHousekeepingMs;
    private ScheduledFuture<?> wake;
    private long wakeAtMs = Long.MAX_VALUE;
    /** Volatile: set by the loop, read for metrics. */
    private volatile long maxLag;

    /**
     * @param onParked hears, on the loop's executor, of partitions that failed and rest until a new order
     */
    FetcherLoop(
            LeaderEndPoint leader,
            int fetcherId,
            FetcherConfig config,
            FetcherEnvironment environment,
            Consumer<FetchAssignment> onParked) {
        this.leader = leader;
        this.environment = environment;
        this.onParked = onParked;
        this.maxWaitMs = config.maxWaitMs();
        this.name = "fetcher " + fetcherId + " of leader " + leader.leaderId();
        this.state = new FetcherState(
                leader.truncatesOnFetch(), config.backoffMs(), config.readerWaitMs(), environment.quota());
        this.aligner = new LeaderAligner(leader, environment, state, new AlignerHost());
    }

    /** Begins to fetch the partitions. From any thread. */
    void add(List<FetchAssignment> assignments) {
        leader.executor().execute(() -> {
            if (stopped) {
                return;
            }
            for (FetchAssignment assignment : assignments) {
                take(assignment);
            }
            step();
        });
    }

    /** Stops fetching the partitions; completes once none of them will be touched again. From any thread. */
    CompletableFuture<Void> remove(Collection<TopicPartition> partitions) {
        CompletableFuture<Void> removed = new CompletableFuture<>();
        try {
            leader.executor().execute(() -> {
                List<CompletableFuture<Void>> underWay = new ArrayList<>();
                for (TopicPartition partition : partitions) {
                    FetchedPartition was = state.remove(partition);
                    if (was != null && was.isBusy()) {
                        underWay.add(aligner.idle(was));
                    }
                }
                CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
                        .whenComplete((done, failure) -> removed.complete(null));
            });
        } catch (RejectedExecutionException e) {
            removed.complete(null);
        }
        return removed;
    }

    /** The largest lag in records, as of the last second or so. */
    long maxLag() {
        return maxLag;
    }

    /** Stops for good and closes the connection. From any thread. */
    void stop() {
        try {
            leader.executor().execute(() -> {
                stopped = true;
                cancelWake();
                leader.close();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{} stopped after its event loop", name);
        }
    }

    private long nowMs() {
        return environment.clock().millis();
    }

    /** Does whatever can be done now. */
    private void step() {
        if (stopped) {
            return;
        }
        long nowMs = nowMs();
        housekeeping(nowMs);
        aligner.align(nowMs);
        if (!fetching && !aligner.isUnderWay()) {
            fetchNext(nowMs);
        }
    }

    private void housekeeping(long nowMs) {
        if (nowMs - lastHousekeepingMs >= HOUSEKEEPING_INTERVAL_MS) {
            lastHousekeepingMs = nowMs;
            state.noticeLogStartOffsets();
            maxLag = state.maxLag();
        }
    }

    private void fetchNext(long nowMs) {
        FetchPlan plan = state.nextFetch(nowMs);
        if (plan == null) {
            wakeAt(state.nextWakeMs(nowMs), nowMs);
            return;
        }
        fetching = true;
        // what rests now is not in this poll, and must not wait for its end
        long restMs = state.nextRestedMs(nowMs) - nowMs;
        long waitMs = Math.min(restMs, state.readerWaitMs(nowMs));
        leader.fetch(plan, (int) Math.min(maxWaitMs, waitMs)).whenComplete(this::onFetched);
    }

    private void onFetched(FetchAnswer answer, Throwable failure) {
        fetching = false;
        if (stopped) {
            return;
        }
        if (failure != null) {
            fetchFailed(failure);
        } else if (isWrongAboutTopicIds(answer)) {
            fetchFailed(answer.error().exception());
        } else if (state.accept(answer)) {
            long nowMs = nowMs();
            for (PartitionAnswer partition : answer.partitions()) {
                handle(partition, nowMs);
            }
        } else {
            LOG.debug("{} begins a new fetch session: {}", name, answer.error());
        }
        step();
    }

    private void fetchFailed(Throwable failure) {
        LOG.warn("{}: fetch failed, next try after the backoff: {}", name, failure.toString());
        state.fetchFailed(nowMs());
    }

    private static boolean isWrongAboutTopicIds(FetchAnswer answer) {
        return switch (answer.error()) {
            case UNKNOWN_TOPIC_ID, FETCH_SESSION_TOPIC_ID_ERROR, INCONSISTENT_TOPIC_ID -> true;
            default -> false;
        };
    }

    private void handle(PartitionAnswer answer, long nowMs) {
        FetchedPartition partition = state.addressee(answer, nowMs);
        if (partition == null) {
            return;
        }
        switch (answer.error()) {
            case NONE -> takeIn(partition, answer, nowMs);
            case OFFSET_OUT_OF_RANGE -> state.outOfRange(partition);
            case FENCED_LEADER_EPOCH -> park(partition, "the leader has a newer epoch than " + partition.leaderEpoch());
            case UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER -> {
                LOG.debug("{}: {} answered {}, next try soon", name, partition, answer.error());
                state.awaitLeader(partition, nowMs);
            }
            case UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION -> {
                LOG.debug("{}: {} answered {}, next try soon", name, partition, answer.error());
                state.awaitMetadata(partition, nowMs);
            }
            default -> {
                LOG.warn("{}: {} answered {}, next try after the backoff", name, partition, answer.error());
                state.delay(partition, nowMs);
            }
        }
    }

    private void takeIn(FetchedPartition partition, PartitionAnswer answer, long nowMs) {
        if (answer.diverging() != null && leader.truncatesOnFetch()) {
            aligner.truncate(partition, answer.diverging());
            return;
        }
        try {
            append(partition, answer, nowMs);
        } catch (CorruptRecordException | InvalidRecordException e) {
            LOG.error("{}: {} received corrupt records, fetches them again", name, partition, e);
            state.delay(partition, nowMs);
        } catch (DiskFullException e) {
            state.delay(partition, nowMs); // its directory has told
        } catch (FencedLeaderEpochException e) {
            state.remove(partition.topicPartition());
        } catch (RuntimeException e) {
            park(partition, e.toString());
        }
    }

    private void append(FetchedPartition partition, PartitionAnswer answer, long nowMs) {
        long logEnd = partition
                .log()
                .append(
                        partition.leaderEpoch(),
                        partition.fetchOffset(),
                        answer.records(),
                        answer.highWatermark(),
                        answer.logStartOffset());
        int bytes = answer.records().sizeInBytes();
        if (bytes > 0 && environment.quota().isThrottled(partition.topicPartition())) {
            environment.quota().record(bytes);
        }
        state.appended(partition, logEnd, answer.highWatermark());
        state.noteReaders(partition, logEnd, nowMs);
    }

    /** Gives up on a partition until the controller orders something new. */
    private void park(FetchedPartition partition, String why) {
        if (state.holds(partition)) {
            state.remove(partition.topicPartition());
            onParked.accept(partition.assignment());
            environment
                    .events()
                    .record(new FetchEvents.FetchParked(
                            partition.topicPartition(),
                            leader.leaderId(),
                            partition.leaderEpoch(),
                            partition.fetchOffset(),
                            why));
        }
    }

    private void take(FetchAssignment assignment) {
        try {
            state.add(assignment);
        } catch (RuntimeException e) {
            LOG.error("{}: cannot fetch {}", name, assignment.topicPartition(), e);
            state.remove(assignment.topicPartition());
            onParked.accept(assignment);
        }
    }

    private void wakeAt(long atMs, long nowMs) {
        if (atMs == Long.MAX_VALUE || (wake != null && wakeAtMs <= atMs)) {
            return;
        }
        cancelWake();
        wakeAtMs = atMs;
        wake = environment
                .timer()
                .schedule(
                        () -> leader.executor().execute(this::onWake),
                        Math.max(1L, atMs - nowMs),
                        TimeUnit.MILLISECONDS);
    }

    private void onWake() {
        wake = null;
        wakeAtMs = Long.MAX_VALUE;
        step();
    }

    private void cancelWake() {
        if (wake != null) {
            wake.cancel(false);
            wake = null;
            wakeAtMs = Long.MAX_VALUE;
        }
    }

    /** What the aligner may ask of its loop. */
    private final class AlignerHost implements LeaderAligner.Host {
        @Override
        public void park(FetchedPartition partition, String why) {
            FetcherLoop.this.park(partition, why);
        }

        @Override
        public void proceed() {
            step();
        }

        @Override
        public boolean isStopped() {
            return stopped;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
