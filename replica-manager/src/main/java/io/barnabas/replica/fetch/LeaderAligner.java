// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.fetch.FetchedPartition.Phase;
import io.barnabas.replica.fetch.LeaderEndPoint.EpochAnswer;
import io.barnabas.replica.fetch.LeaderEndPoint.EpochQuestion;
import io.barnabas.replica.fetch.LeaderEndPoint.LogEnd;
import io.barnabas.replica.fetch.LeaderEndPoint.OffsetAnswer;
import io.barnabas.replica.fetch.TruncationDecider.Truncation;
import io.barnabas.replica.log.EpochEndOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings logs in line with the leader's before they are fetched: cuts what diverged, and moves a log that fell out of
 * the leader's range. Runs on its loop's executor; logs are cut on the disk executor, one partition being busy meanwhile.
 */
final class LeaderAligner {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderAligner.class);

    /** What the aligner asks of its loop. */
    interface Host {
        void park(FetchedPartition partition, String why);

        /** Something came back: what is next? */
        void proceed();

        boolean isStopped();
    }

    /** A change to a log, and what to tell the state when it is done. */
    private record LogChange(FetchedPartition partition, Runnable change, Runnable done) {}

    private final LeaderEndPoint leader;
    private final FetcherEnvironment environment;
    private final FetcherState state;
    private final Host host;
    private final Map<FetchedPartition, CompletableFuture<Void>> awaitedIdle = new HashMap<>();
    private int underWay;

    LeaderAligner(LeaderEndPoint leader, FetcherEnvironment environment, FetcherState state, Host host) {
        this.leader = leader;
        this.environment = environment;
        this.state = state;
        this.host = host;
    }

    /** Starts whatever partitions that are not fetched yet need. */
    void align(long nowMs) {
        List<FetchedPartition> truncating = state.readyFor(Phase.TRUNCATING, nowMs);
        if (!truncating.isEmpty()) {
            startTruncation(truncating);
        }
        for (FetchedPartition partition : state.readyFor(Phase.OUT_OF_RANGE, nowMs)) {
            bringIntoRange(partition);
        }
    }

    /** Whether any partition is being brought in line; the next fetch waits for that, so that it can include it. */
    boolean isUnderWay() {
        return underWay > 0;
    }

    private void begin(FetchedPartition partition) {
        underWay++;
        state.begin(partition);
    }

    /** Completes once nothing about a partition that was busy is under way any more. */
    CompletableFuture<Void> idle(FetchedPartition partition) {
        return awaitedIdle.computeIfAbsent(partition, p -> new CompletableFuture<>());
    }

    /** Cuts a log where the leader said, with a fetch, that it diverges. */
    void truncate(FetchedPartition partition, EpochEndOffset diverging) {
        LogChange change = truncation(partition, diverging);
        if (change != null) {
            begin(partition);
            apply(List.of(change));
        }
    }

    private void startTruncation(List<FetchedPartition> partitions) {
        Map<TopicPartition, EpochQuestion> questions = new HashMap<>();
        List<FetchedPartition> asked = new ArrayList<>();
        List<LogChange> toHighWatermark = new ArrayList<>();
        for (FetchedPartition partition : partitions) {
            begin(partition);
            int epoch = leader.knowsLeaderEpochs() ? partition.log().latestEpoch() : FollowerLog.NO_EPOCH;
            if (epoch == FollowerLog.NO_EPOCH) {
                toHighWatermark.add(cut(partition, new Truncation(partition.fetchOffset(), true)));
            } else {
                questions.put(partition.topicPartition(), new EpochQuestion(partition.leaderEpoch(), epoch));
                asked.add(partition);
            }
        }
        apply(toHighWatermark);
        if (!asked.isEmpty()) {
            leader.offsetsForLeaderEpoch(questions)
                    .whenComplete((answers, failure) -> onEpochEnds(asked, answers, failure));
        }
    }

    private void onEpochEnds(
            List<FetchedPartition> asked, Map<TopicPartition, EpochAnswer> answers, Throwable failure) {
        if (failure != null) {
            LOG.warn("{}: cannot ask for the ends of leader epochs: {}", host, failure.toString());
        }
        List<LogChange> changes = new ArrayList<>(asked.size());
        for (FetchedPartition partition : asked) {
            EpochAnswer answer = failure == null ? answers.get(partition.topicPartition()) : null;
            LogChange change = gone(partition) ? null : onEpochEnd(partition, answer);
            if (change != null) {
                changes.add(change);
            } else {
                release(partition);
            }
        }
        apply(changes);
        host.proceed();
    }

    private LogChange onEpochEnd(FetchedPartition partition, EpochAnswer answer) {
        Errors error = answer == null ? Errors.NETWORK_EXCEPTION : answer.error();
        if (error == Errors.NONE) {
            return truncation(partition, answer.epochEnd());
        }
        if (error == Errors.FENCED_LEADER_EPOCH) {
            host.park(partition, "the leader has a newer epoch than " + partition.leaderEpoch());
        } else {
            LOG.debug("{}: asked for the end of an epoch, {} got {}", host, partition, error);
            state.delay(partition, environment.clock().millis());
        }
        return null;
    }

    private LogChange truncation(FetchedPartition partition, EpochEndOffset leaderEnd) {
        try {
            return cut(partition, TruncationDecider.decide(leaderEnd, partition.fetchOffset(), partition.log()));
        } catch (RuntimeException e) {
            host.park(partition, e.toString());
            return null;
        }
    }

    private LogChange cut(FetchedPartition partition, Truncation truncation) {
        Runnable change = () -> {
            long logEnd = partition.log().logEndOffset();
            partition.log().truncateTo(partition.leaderEpoch(), truncation.offset());
            if (truncation.offset() < logEnd) {
                environment
                        .events()
                        .record(new FetchEvents.FollowerTruncated(
                                partition.topicPartition(),
                                leader.leaderId(),
                                partition.leaderEpoch(),
                                logEnd,
                                truncation.offset(),
                                "the leader's history parts there"));
            }
        };
        return new LogChange(partition, change, () -> state.truncated(partition, truncation));
    }

    private void bringIntoRange(FetchedPartition partition) {
        begin(partition);
        ask(partition, LogEnd.LATEST, (latest, p) -> {
            long logEnd = p.log().logEndOffset();
            if (latest < logEnd) {
                LOG.warn("{}: {} ends at {}, beyond the leader's end {}: cut back", host, p, logEnd, latest);
                Runnable change = () -> p.log().truncateTo(p.leaderEpoch(), latest);
                apply(List.of(new LogChange(p, change, () -> state.broughtIntoRange(p, latest, 0L))));
            } else {
                ask(p, LogEnd.EARLIEST, (earliest, q) -> startWithin(q, earliest, latest));
            }
        });
    }

    private void startWithin(FetchedPartition partition, long earliest, long latest) {
        long logEnd = partition.log().logEndOffset();
        long start = Math.max(earliest, logEnd);
        Runnable change = () -> {
            if (earliest > logEnd) {
                LOG.warn(
                        "{}: {} ends at {}, before the leader's start {}: starts there",
                        host,
                        partition,
                        logEnd,
                        start);
                partition.log().truncateFullyAndStartAt(partition.leaderEpoch(), earliest);
            }
        };
        Runnable done = () -> state.broughtIntoRange(partition, start, Math.max(0L, latest - start));
        apply(List.of(new LogChange(partition, change, done)));
    }

    /** Asks for one end of the leader's log; the answer goes on only if the partition is still ours. */
    private void ask(FetchedPartition partition, LogEnd end, BiConsumer<Long, FetchedPartition> next) {
        leader.listOffset(partition.topicPartition(), partition.leaderEpoch(), end)
                .whenComplete((answer, failure) -> onOffset(partition, answer, failure, next));
    }

    private void onOffset(
            FetchedPartition partition,
            OffsetAnswer answer,
            Throwable failure,
            BiConsumer<Long, FetchedPartition> next) {
        if (gone(partition)) {
            release(partition);
            host.proceed();
            return;
        }
        if (failure == null && answer.error() == Errors.NONE) {
            proceedWith(partition, answer, next);
            return;
        }
        if (failure == null && answer.error() == Errors.FENCED_LEADER_EPOCH) {
            host.park(partition, "the leader has a newer epoch than " + partition.leaderEpoch());
        } else {
            Object why = failure == null ? answer.error() : failure;
            LOG.warn("{}: asked for an end of the leader's log, {} got {}", host, partition, why);
            state.delay(partition, environment.clock().millis());
        }
        release(partition);
        host.proceed();
    }

    private void proceedWith(FetchedPartition partition, OffsetAnswer answer, BiConsumer<Long, FetchedPartition> next) {
        try {
            next.accept(answer.offset(), partition);
        } catch (RuntimeException e) {
            host.park(partition, e.toString());
            release(partition);
            host.proceed();
        }
    }

    private boolean gone(FetchedPartition partition) {
        return host.isStopped() || !state.holds(partition);
    }

    /** Hands changes to the disk, and their outcomes back to the loop. */
    private void apply(List<LogChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        try {
            environment.disk().execute(() -> {
                List<Throwable> failures = new ArrayList<>(changes.size());
                changes.forEach(change -> failures.add(attempt(change)));
                leader.executor().execute(() -> onApplied(changes, failures));
            });
        } catch (RejectedExecutionException e) {
            changes.forEach(change -> release(change.partition()));
        }
    }

    private static Throwable attempt(LogChange change) {
        try {
            change.change().run();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void onApplied(List<LogChange> changes, List<Throwable> failures) {
        for (int i = 0; i < changes.size(); i++) {
            LogChange change = changes.get(i);
            if (!gone(change.partition())) {
                report(change, failures.get(i));
            }
            release(change.partition());
        }
        host.proceed();
    }

    private void report(LogChange change, Throwable failure) {
        FetchedPartition partition = change.partition();
        try {
            if (failure == null) {
                change.done().run();
            } else if (failure instanceof FencedLeaderEpochException) {
                state.remove(partition.topicPartition());
            } else {
                host.park(partition, failure.toString());
            }
        } catch (RuntimeException e) {
            host.park(partition, e.toString());
        }
    }

    /** The partition is free again, for the loop and for whoever waits for it. */
    private void release(FetchedPartition partition) {
        underWay--;
        if (state.holds(partition)) {
            state.ended(partition);
        } else {
            partition.end();
        }
        CompletableFuture<Void> awaited = awaitedIdle.remove(partition);
        if (awaited != null) {
            awaited.complete(null);
        }
    }
}
