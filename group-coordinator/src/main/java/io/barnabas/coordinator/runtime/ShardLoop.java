// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordinator.runtime.InFlightAppends.InFlight;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the shard of one partition: its leadership, its state and its appends under way. Everything in here runs in the
 * turns of one {@link Mailbox}, never two at a time.
 */
final class ShardLoop<S extends CoordinatorShard> {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);
    private static final int NO_EPOCH = -1;

    private final TopicPartition partition;
    private final ShardEnvironment<S> environment;
    private final Mailbox mailbox;
    private final BatchAppender appender;
    private final Outbox outbox = new Outbox();
    private final InFlightAppends inFlight = new InFlightAppends();
    private final List<ShardCommand<S>> afterLoading = new ArrayList<>();

    private int leaderEpoch = NO_EPOCH;
    private int loadAttempt;
    private S shard;
    private boolean leader;
    private boolean closed;
    private long wakeUpAtMs = CoordinatorShard.NO_DEADLINE;
    private volatile boolean loading;
    private volatile boolean active;

    ShardLoop(TopicPartition partition, ShardEnvironment<S> environment) {
        this.partition = partition;
        this.environment = environment;
        this.mailbox = new Mailbox(environment.loops(), environment.config(), this::afterMessages);
        this.appender = new BatchAppender(environment.log(), partition, environment.config(), environment.wallClock());
    }

    /** Whether the shard is being read from the log. */
    boolean isLoading() {
        return loading;
    }

    /** Whether commands reach the shard. */
    boolean isActive() {
        return active;
    }

    void submit(ShardCommand<S> command) {
        if (command.mustBeTaken()) {
            mailbox.put(() -> execute(command));
            return;
        }
        if (!environment.mayAnswer().getAsBoolean()) {
            // not only when its turn comes: by then a resignation may be ordered that waits behind this command
            command.reject(Errors.NOT_COORDINATOR);
            return;
        }
        boolean taken = mailbox.offer(() -> execute(command));
        if (!taken) {
            command.reject(Errors.COORDINATOR_NOT_AVAILABLE);
        }
    }

    void onElection(int newLeaderEpoch) {
        mailbox.put(() -> elect(newLeaderEpoch));
    }

    void onResignation(OptionalInt newLeaderEpoch) {
        mailbox.put(() -> resign(newLeaderEpoch));
    }

    void close() {
        mailbox.put(() -> {
            closed = true;
            unload(Errors.COORDINATOR_NOT_AVAILABLE);
        });
    }

    private void execute(ShardCommand<S> command) {
        if (active && !command.mustBeTaken() && !environment.mayAnswer().getAsBoolean()) {
            command.reject(Errors.NOT_COORDINATOR);
        } else if (active) {
            try {
                command.execute(shard, nowMs(), outbox);
            } catch (RuntimeException e) {
                command.reject(Errors.UNKNOWN_SERVER_ERROR);
                startOver(e);
            }
        } else if (loading && command.waitsForLoading()) {
            afterLoading.add(command);
        } else {
            command.reject(refusal());
        }
    }

    private Errors refusal() {
        if (closed) {
            return Errors.COORDINATOR_NOT_AVAILABLE;
        }
        return loading ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.NOT_COORDINATOR;
    }

    private void elect(int newLeaderEpoch) {
        if (closed || newLeaderEpoch <= leaderEpoch) {
            return;
        }
        leaderEpoch = newLeaderEpoch;
        if (leader && active) {
            // Leadership never left: whatever is in the log came through this shard.
            shard.onLeaderEpoch(leaderEpoch);
            return;
        }
        leader = true;
        load();
    }

    private void resign(OptionalInt newLeaderEpoch) {
        if (newLeaderEpoch.isPresent() && newLeaderEpoch.getAsInt() < leaderEpoch) {
            return;
        }
        if (leader) {
            DecisionEvent.of("coordinator-unloaded")
                    .with("partition", partition)
                    .with("leaderEpoch", leaderEpoch)
                    .because("this broker no longer leads the partition");
        }
        // A stopped replica may belong to a topic that is made anew, whose epochs begin again.
        leaderEpoch = newLeaderEpoch.orElse(NO_EPOCH);
        unload(Errors.NOT_COORDINATOR);
    }

    private void unload(Errors error) {
        leader = false;
        dropShard(error);
        loading = false;
        loadAttempt++;
        afterLoading.forEach(command -> command.reject(error));
        afterLoading.clear();
    }

    private void dropShard(Errors error) {
        active = false;
        if (shard == null) {
            return;
        }
        S dropped = shard;
        shard = null;
        outbox.takeAppends().forEach(append -> append.callback().failed(error, nowMs(), outbox));
        inFlight.failAll(error, nowMs(), outbox);
        dropped.unloaded(error, outbox);
        // Whatever these still ask to append comes too late.
        for (List<RecordAppend> late = outbox.takeAppends(); !late.isEmpty(); late = outbox.takeAppends()) {
            late.forEach(append -> append.callback().failed(error, nowMs(), outbox));
        }
        outbox.takeAnswers().forEach(Runnable::run);
    }

    private void load() {
        loading = true;
        int attempt = ++loadAttempt;
        int epoch = leaderEpoch;
        S fresh = environment.shards().apply(partition.partition());
        fresh.onLeaderEpoch(epoch);
        long startedMs = nowMs();
        environment.loaders().execute(() -> {
            try {
                long records = new ShardLoader(
                                environment.log(),
                                partition,
                                epoch,
                                environment.config().loadBufferSize(),
                                fresh)
                        .load();
                mailbox.put(() -> onLoaded(attempt, fresh, records, startedMs));
            } catch (RuntimeException e) {
                mailbox.put(() -> onLoadFailed(attempt, e));
            }
        });
    }

    private void onLoaded(int attempt, S fresh, long records, long startedMs) {
        if (attempt != loadAttempt || !leader) {
            return;
        }
        shard = fresh;
        loading = false;
        active = true;
        DecisionEvent.of("coordinator-loaded")
                .with("partition", partition)
                .with("leaderEpoch", leaderEpoch)
                .with("records", records)
                .with("tookMs", nowMs() - startedMs)
                .because("this broker leads the partition");
        shard.onLeaderEpoch(leaderEpoch);
        shard.loaded(nowMs(), outbox);
        List<ShardCommand<S>> waiting = List.copyOf(afterLoading);
        afterLoading.clear();
        waiting.forEach(this::execute);
    }

    private void onLoadFailed(int attempt, RuntimeException cause) {
        if (attempt != loadAttempt || !leader) {
            return;
        }
        explain(cause);
        environment
                .timer()
                .schedule(environment.config().loadRetryBackoffMs(), () -> mailbox.put(() -> loadAgain(attempt)));
    }

    /** A new role reaches the replica before the coordinator hears of it; in between there is nothing to complain of. */
    private void explain(RuntimeException cause) {
        if (cause instanceof NotLeaderOrFollowerException) {
            LOG.info("Loading {} again unless told not to: {}", partition, cause.getMessage());
        } else {
            LOG.warn("Could not load {} under leader epoch {}; trying again", partition, leaderEpoch, cause);
        }
    }

    private void loadAgain(int attempt) {
        if (attempt == loadAttempt && leader && !closed) {
            load();
        }
    }

    /** An appended batch may or may not hold: only the log knows, so the shard is made anew from it. */
    private void reload(Throwable cause) {
        DecisionEvent.of("coordinator-reloads")
                .with("partition", partition)
                .with("leaderEpoch", leaderEpoch)
                .with("cause", cause)
                .because("it is open whether appended records hold; the log decides");
        dropShard(Errors.NOT_COORDINATOR);
        if (leader) {
            load();
        }
    }

    /** A defect: the state may be half changed, so it is made anew from what is committed. */
    private void startOver(RuntimeException defect) {
        LOG.error("The coordinator of {} failed; its state is read anew from the log", partition, defect);
        dropShard(Errors.NOT_COORDINATOR);
        if (leader) {
            load();
        }
    }

    private void afterMessages() {
        try {
            if (active) {
                runDue();
            }
            performOutbox();
        } catch (RuntimeException e) {
            startOver(e);
        }
        scheduleWakeUp();
    }

    private void runDue() {
        long nowMs = nowMs();
        inFlight.expire(nowMs, outbox);
        if (shard.nextDeadlineMs() <= nowMs) {
            shard.tick(nowMs, outbox);
        }
    }

    private void performOutbox() {
        List<RecordAppend> appends = outbox.takeAppends();
        while (!appends.isEmpty()) {
            for (BatchAppender.Batch batch : appender.batches(appends)) {
                append(batch);
            }
            appends = outbox.takeAppends();
        }
        outbox.takeAnswers().forEach(Runnable::run);
    }

    private void append(BatchAppender.Batch batch) {
        long nowMs = nowMs();
        try {
            CompletionStage<Long> committed = appender.append(batch, leaderEpoch);
            InFlight entry =
                    new InFlight(batch.callbacks(), nowMs + environment.config().commitTimeoutMs());
            inFlight.add(entry);
            committed.whenComplete((lastOffset, error) -> mailbox.put(() -> onAppendDone(entry, lastOffset, error)));
        } catch (ApiException e) {
            Errors error = Errors.forException(e);
            batch.callbacks().forEach(callback -> callback.failed(error, nowMs, outbox));
        }
    }

    private void onAppendDone(InFlight entry, Long lastOffset, Throwable failure) {
        if (!InFlightAppends.isWaitedFor(entry)) {
            return;
        }
        Errors error = failure == null ? Errors.NONE : Errors.forException(Errors.maybeUnwrapException(failure));
        if (error != Errors.NONE && error != Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND) {
            reload(failure);
            return;
        }
        try {
            inFlight.complete(entry, error, lastOffset == null ? 0 : lastOffset, nowMs(), outbox);
        } catch (RuntimeException e) {
            startOver(e);
        }
    }

    private void scheduleWakeUp() {
        if (!active) {
            return;
        }
        long nextMs = Math.min(shard.nextDeadlineMs(), inFlight.nextDeadlineMs());
        if (nextMs >= wakeUpAtMs) {
            return;
        }
        wakeUpAtMs = nextMs;
        environment.timer().schedule(Math.max(0, nextMs - nowMs()), () -> mailbox.put(() -> onWakeUp(nextMs)));
    }

    private void onWakeUp(long atMs) {
        if (wakeUpAtMs == atMs) {
            wakeUpAtMs = CoordinatorShard.NO_DEADLINE;
        }
    }

    private long nowMs() {
        return environment.monotonicMs().getAsLong();
    }
}
