// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordinator.runtime.InFlightAppends.InFlight;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the shard of one partition: its leadership, its state and its appends under way. Everything in here runs in the
 * turns of one {@link Mailbox}, never two at a time.
 */
final class ShardLoop<R, S extends CoordinatorShard<R>> {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);
    private static final int NO_EPOCH = -1;

    private final TopicPartition partition;
    private final ShardSetup<R, S> setup;
    private final CoordinatorEnvironment environment;
    private final Mailbox mailbox;
    private final DecisionPerformer<R> performer;
    private final List<ShardCommand<R, S>> afterLoading = new ArrayList<>();

    private int leaderEpoch = NO_EPOCH;
    private int loadAttempt;
    private S shard;
    private boolean leader;
    private boolean closed;
    private long wakeUpAtMs = CoordinatorShard.NO_DEADLINE;
    private volatile boolean loading;
    private volatile boolean active;

    ShardLoop(TopicPartition partition, ShardSetup<R, S> setup, CoordinatorEnvironment environment) {
        this.partition = partition;
        this.setup = setup;
        this.environment = environment;
        this.mailbox = new Mailbox(environment.loops(), setup.config(), this::afterMessages);
        this.performer = new DecisionPerformer<>(partition, setup, environment);
    }

    /** Whether the shard is being read from the log. */
    boolean isLoading() {
        return loading;
    }

    /** Whether commands reach the shard. */
    boolean isActive() {
        return active;
    }

    void submit(ShardCommand<R, S> command) {
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

    private void execute(ShardCommand<R, S> command) {
        if (active && !command.mustBeTaken() && !environment.mayAnswer().getAsBoolean()) {
            command.reject(Errors.NOT_COORDINATOR);
        } else if (active) {
            try {
                performer.take(shard, command.execute(shard, nowMs()));
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
            environment
                    .events()
                    .record(new ShardEvents.CoordinatorUnloaded(
                            partition, leaderEpoch, "this broker no longer leads the partition"));
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
        performer.abandon(error, nowMs());
        performer.takeLast(dropped.unloaded(error), error, nowMs());
    }

    private void load() {
        loading = true;
        int attempt = ++loadAttempt;
        int epoch = leaderEpoch;
        S fresh = setup.shards().apply(partition.partition());
        fresh.onLeaderEpoch(epoch);
        long startedMs = nowMs();
        environment.loaders().execute(() -> {
            try {
                long records = new ShardLoader<>(environment.log(), partition, epoch, setup, fresh).load();
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
        environment
                .events()
                .record(new ShardEvents.CoordinatorLoaded(
                        partition, leaderEpoch, records, nowMs() - startedMs, "this broker leads the partition"));
        shard.onLeaderEpoch(leaderEpoch);
        performer.take(shard, shard.loaded(nowMs()));
        List<ShardCommand<R, S>> waiting = List.copyOf(afterLoading);
        afterLoading.clear();
        waiting.forEach(this::execute);
    }

    private void onLoadFailed(int attempt, RuntimeException cause) {
        if (attempt != loadAttempt || !leader) {
            return;
        }
        explain(cause);
        environment
                .scheduler()
                .schedule(setup.config().loadRetryBackoffMs(), () -> mailbox.put(() -> loadAgain(attempt)));
    }

    /** A new role reaches the replica before the coordinator, so a read may fail in between without a fault. */
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
        environment
                .events()
                .record(new ShardEvents.CoordinatorReloads(
                        partition,
                        leaderEpoch,
                        String.valueOf(cause),
                        "it is open whether appended records hold; the log decides"));
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
                performer.perform(shard, leaderEpoch, nowMs(), this::onAppendDone);
            }
        } catch (RuntimeException e) {
            startOver(e);
        }
        scheduleWakeUp();
    }

    private void runDue() {
        long nowMs = nowMs();
        performer.expire(shard, nowMs);
        if (shard.nextDeadlineMs() <= nowMs) {
            performer.take(shard, shard.tick(nowMs));
        }
    }

    private void onAppendDone(InFlight<R> batch, Long lastOffset, Throwable failure) {
        mailbox.put(() -> takeIn(batch, lastOffset, failure));
    }

    private void takeIn(InFlight<R> batch, Long lastOffset, Throwable failure) {
        if (!InFlightAppends.isWaitedFor(batch)) {
            return;
        }
        Errors error = failure == null ? Errors.NONE : Errors.forException(Errors.maybeUnwrapException(failure));
        if (error != Errors.NONE && error != Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND) {
            reload(failure);
            return;
        }
        try {
            performer.committed(shard, batch, error, lastOffset == null ? 0 : lastOffset, nowMs());
        } catch (RuntimeException e) {
            startOver(e);
        }
    }

    private void scheduleWakeUp() {
        if (!active) {
            return;
        }
        long nextMs = Math.min(shard.nextDeadlineMs(), performer.nextDeadlineMs());
        if (nextMs >= wakeUpAtMs) {
            return;
        }
        wakeUpAtMs = nextMs;
        environment.scheduler().schedule(Math.max(0, nextMs - nowMs()), () -> mailbox.put(() -> onWakeUp(nextMs)));
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
