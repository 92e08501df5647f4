// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.partition.PartitionReader.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.Errors;

/** The way of a fetch: read every partition, answer if that is enough, otherwise wait and read again. */
final class Fetching {
    private final Partitions partitions;
    private final ReplicaPorts ports;
    private final TimeoutBuckets timeouts;
    private final PreferredReplica preferredReplica;
    private final FollowerPolls polls;
    private final FollowerPace pace;

    Fetching(Partitions partitions, ReplicaPorts ports, TimeoutBuckets timeouts) {
        this.partitions = partitions;
        this.ports = ports;
        this.timeouts = timeouts;
        this.pace = new FollowerPace(ports.ticker());
        this.polls = new FollowerPolls(() -> ports.clock().millis());
        this.preferredReplica = new PreferredReplica(ports);
    }

    /** @param reader where a fetch that had to wait is read again and answered */
    CompletableFuture<List<FetchResult>> fetch(FetchCommand command, ScheduledExecutorService reader) {
        long endedBefore = polls.timesEnded();
        List<Read> reads = readAll(command, List.of());
        FollowerPace.Hold hold = pace.hold(command);
        if (isEnough(command, reads, hold)) {
            return CompletableFuture.completedFuture(answered(command, results(reads)));
        }
        WaitingFetch waiting = new WaitingFetch(this, command, reads, hold, reader);
        int waitMs = waitMs(command);
        timeouts.add(waiting, waitMs);
        waiting.watch(partitions);
        if (command.isFromFollower() && waitMs < TimeoutBuckets.FINE_MS) {
            waiting.answerAfter(waitMs); // its readers wait
        }
        if (command.isFromFollower() && polls.timesEnded() != endedBefore) {
            waiting.answer();
        }
        return waiting.future();
    }

    private int waitMs(FetchCommand command) {
        return command.isFromFollower() ? polls.waitMs(command.replicaId(), command.maxWaitMs()) : command.maxWaitMs();
    }

    private List<FetchResult> answered(FetchCommand command, List<FetchResult> results) {
        pace.answered(command, results);
        return results;
    }

    /** Which fetches of followers wait. */
    FollowerPolls polls() {
        return polls;
    }

    /**
     * Answers a fetch with what there is when the reader comes to it.
     *
     * @param before what was there before it waited, for each partition
     */
    void readAgain(
            FetchCommand command, List<Read> before, Executor reader, CompletableFuture<List<FetchResult>> future) {
        Runnable read = () -> future.complete(answered(command, results(readAll(command, before))));
        try {
            reader.execute(read);
        } catch (RejectedExecutionException e) {
            read.run(); // the reader is shutting down
        }
    }

    /** Whether a partition's bytes do not count now, its follower being throttled. */
    boolean isThrottled(Partition partition, FetchCommand command) {
        return command.isFromFollower()
                && ports.leaderQuota().isThrottled(partition.topicPartition())
                && ports.leaderQuota().isExceeded()
                && !partition.role().isr().contains(command.replicaId());
    }

    private static boolean isEnough(FetchCommand command, List<Read> reads, FollowerPace.Hold hold) {
        if (command.maxWaitMs() <= 0 || reads.isEmpty()) {
            return true;
        }
        long bytes = 0;
        for (Read read : reads) {
            FetchResult result = read.result();
            if (result.error() != Errors.NONE
                    || result.divergingEpoch().isPresent()
                    || result.preferredReadReplica() != FetchResult.NO_PREFERRED_REPLICA) {
                return true;
            }
            bytes += read.bytes();
        }
        return hold.isPlenty(bytes);
    }

    /**
     * Grants bytes in the order asked; the first partition with data may exceed its limits (KIP-74).
     *
     * @param before what was found before the fetch waited, empty for one that has just come: a follower's position is
     *     news only then, and later nothing is read again that had nothing and has nothing
     */
    private List<Read> readAll(FetchCommand command, List<Read> before) {
        List<FetchCommand.Partition> all = command.partitions();
        List<Read> reads = new ArrayList<>(all.size());
        int left = command.maxBytes();
        boolean minOneMessage = !command.hardMaxBytesLimit();
        for (int i = 0; i < all.size(); i++) {
            FetchCommand.Partition asked = all.get(i);
            Read known = before.isEmpty() ? null : before.get(i);
            Read read = readOne(command, asked, Math.min(asked.maxBytes(), left), minOneMessage, known);
            if (read.bytes() > 0) {
                minOneMessage = false;
            }
            left = Math.max(0, left - read.bytes());
            reads.add(read);
        }
        return reads;
    }

    private Read readOne(
            FetchCommand command, FetchCommand.Partition asked, int maxBytes, boolean minOne, Read before) {
        Partition partition = partitions.get(asked.topicIdPartition().topicPartition());
        if (partition == null) {
            return Read.failed(
                    asked, partitions.absence(asked.topicIdPartition().topicPartition()));
        }
        OptionalInt preferred = preferredReplica.choose(partition, command, asked.fetchOffset());
        if (preferred.isPresent()) {
            return PartitionReader.redirected(partition, asked, preferred.getAsInt());
        }
        if (!command.isFromFollower() && !partition.role().isLeader()) {
            partition.readHere();
        }
        if (before != null && before.isStillTrue(partition)) {
            return before;
        }
        Read read = PartitionReader.read(partition, command, asked, maxBytes, minOne, before == null);
        if (read.bytes() == 0) {
            return read;
        }
        boolean incomplete = !command.hardMaxBytesLimit() && read.firstEntryIncomplete();
        if (incomplete || isThrottled(partition, command)) {
            return read.emptied();
        }
        if (command.isFromFollower() && ports.leaderQuota().isThrottled(partition.topicPartition())) {
            ports.leaderQuota().record(read.bytes());
        }
        return read;
    }

    private static List<FetchResult> results(List<Read> reads) {
        List<FetchResult> results = new ArrayList<>(reads.size());
        for (Read read : reads) {
            results.add(read.result());
        }
        return results;
    }
}
