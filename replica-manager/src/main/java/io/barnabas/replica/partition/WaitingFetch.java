// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.Errors;

/**
 * One fetch that waits for {@code minBytes}, for news it must know, or for its time to be over; when it is held back, for
 * more than that ({@link FollowerPace}). Each partition's event looks at that partition alone; its end is decided once.
 *
 * <p>What it is answered with is read by the {@code reader}, not by the thread that ended the waiting: under load many
 * appends come between the two, and one answer takes them all.
 */
final class WaitingFetch extends TimeoutBuckets.Entry {
    private final CompletableFuture<List<FetchResult>> future = new CompletableFuture<>();
    private final Fetching fetching;
    private final FetchCommand command;
    private final ScheduledExecutorService reader;
    private final List<PartitionReader.Read> reads;
    private final List<Watch> watches;
    private final FollowerPace.Hold hold;
    private long bytes;
    private final AtomicBoolean done = new AtomicBoolean();
    /** Whether one will look again, for a fetch that is held back and has enough. */
    private boolean looksAgain;

    WaitingFetch(
            Fetching fetching,
            FetchCommand command,
            List<PartitionReader.Read> reads,
            FollowerPace.Hold hold,
            ScheduledExecutorService reader) {
        this.fetching = fetching;
        this.command = command;
        this.hold = hold;
        this.reader = reader;
        this.reads = reads;
        this.watches = watches();
    }

    /** One that is held back with enough looks only at what has something: more will come where some came. */
    private List<Watch> watches() {
        long available = 0;
        for (PartitionReader.Read read : reads) {
            available += read.bytes();
        }
        boolean enough = available > 0 && available >= command.minBytes();
        List<Watch> all = new ArrayList<>(enough ? 1 : reads.size());
        for (int i = 0; i < reads.size(); i++) {
            if (!enough || reads.get(i).bytes() > 0) {
                all.add(new Watch(command.partitions().get(i), reads.get(i).start()));
            }
        }
        return all;
    }

    CompletableFuture<List<FetchResult>> future() {
        return future;
    }

    /** Joins the watchers of the partitions, then looks once, so that nothing in between is missed. */
    void watch(Partitions partitions) {
        if (command.isFromFollower()) {
            fetching.polls().add(command.replicaId(), this);
        }
        for (Watch watch : watches) {
            Partition partition = partitions.get(watch.asked.topicIdPartition().topicPartition());
            if (partition == null) {
                answer();
                break;
            }
            watch.join(partition);
        }
        for (Watch watch : watches) {
            watch.changed();
        }
        if (done.get()) {
            leave(); // what was joined after it was done
        }
    }

    @Override
    void timedOut() {
        answer();
    }

    /** Ends the waiting exactly then, if it has not ended; the time-outs that share buckets are some ms late. */
    void answerAfter(int waitMs) {
        try {
            reader.schedule(this::answer, waitMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            answer(); // the reader is shutting down
        }
    }

    /** Ends the waiting with what there is. */
    void answer() {
        if (!done.compareAndSet(false, true)) {
            return;
        }
        cancelTimeout();
        leave();
        fetching.readAgain(command, reads, reader, future);
    }

    private void leave() {
        if (command.isFromFollower()) {
            fetching.polls().remove(command.replicaId(), this);
        }
        for (Watch watch : watches) {
            watch.leave();
        }
    }

    /**
     * Counts what a partition has now; returns whether the fetch is to be answered. Synchronised here and in
     * {@link #lookAgain}: partitions tell of themselves on their own threads, and the sum counts.
     */
    private boolean counted(Watch watch, long available) {
        long lookNanos;
        synchronized (this) {
            bytes += available - watch.available;
            watch.available = available;
            if (bytes < command.minBytes() || looksAgain) {
                return hold.isPlenty(bytes);
            }
            lookNanos = hold.look(bytes);
            looksAgain = lookNanos > 0;
        }
        return !lookLater(lookNanos);
    }

    private void lookAgain() {
        long lookNanos;
        synchronized (this) {
            if (done.get()) {
                return;
            }
            lookNanos = hold.look(bytes);
        }
        if (!lookLater(lookNanos)) {
            answer();
        }
    }

    /** Sees to it that one looks again, unless that is to be now; a look that comes after the end finds nothing to do. */
    private boolean lookLater(long nanos) {
        if (nanos == 0) {
            return false;
        }
        try {
            reader.schedule(this::lookAgain, nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the reader is shutting down
        }
    }

    /** One partition of the fetch. */
    private final class Watch extends Watchers.Watcher {
        private final FetchCommand.Partition asked;
        private final LogOffsetMetadata start;
        /** Volatile: joined by the fetch's thread, looked at by the partition's. */
        private volatile Partition partition;

        private long available;

        private Watch(FetchCommand.Partition asked, LogOffsetMetadata start) {
            this.asked = asked;
            this.start = start;
        }

        private void join(Partition joined) {
            partition = joined;
            watchers(joined).add(this);
        }

        private void leave() {
            Partition joined = partition;
            if (joined != null) {
                watchers(joined).remove(this);
            }
        }

        private Watchers watchers(Partition joined) {
            return command.isolation() == FetchIsolation.LOG_END ? joined.logEndWatchers() : joined.committedWatchers();
        }

        @Override
        void interrupted() {
            answer();
        }

        @Override
        void changed() {
            Partition joined = partition;
            if (joined == null) {
                return;
            }
            RoleSnapshot role = joined.role();
            if (role.check(asked.currentLeaderEpoch(), command.leaderOnly()) != Errors.NONE) {
                answer();
                return;
            }
            if (start.messageOffset() >= 0 && look(joined, role.log())) {
                answer();
            }
        }

        /** Whether the fetch is to be answered, going by what this partition has now. */
        private boolean look(Partition joined, PartitionLog log) {
            LogOffsetMetadata end = PartitionReader.bound(log, command.isolation());
            if (start.messageOffset() > end.messageOffset()) {
                return true;
            }
            if (start.messageOffset() == end.messageOffset() || fetching.isThrottled(joined, command)) {
                return false;
            }
            if (start.onOlderSegment(end)) {
                return true;
            }
            long readable = start.onSameSegment(end) ? end.positionDiff(start) : 0;
            return counted(this, Math.min(readable, asked.maxBytes()));
        }
    }
}
