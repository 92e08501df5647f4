// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.log.DiskFullException;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogManager;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves replicas between the log directories of this broker (KIP-113): copies the current log into a future one, piece
 * by piece on the executor, and swaps them under the partition's lock once nothing is missing.
 */
final class FutureReplicas {
    private static final Logger LOG = LoggerFactory.getLogger(FutureReplicas.class);
    private static final int PIECE_BYTES = 1 << 20;
    private static final long IDLE_MS = 100;
    private static final long FULL_MS = 1_000;
    private static final int MAX_FILE_NAME = 255;
    /** What a future directory's name has beyond the partition's: a dot, 32 hexadecimal digits, {@code -future}. */
    private static final int FUTURE_SUFFIX = 1 + 32 + "-future".length();

    private final Partitions partitions;
    private final LogManager logs;
    private final ReplicaPorts ports;
    private final ControllerOrders orders;
    private final ConcurrentHashMap<TopicPartition, Move> moves = new ConcurrentHashMap<>();

    FutureReplicas(Partitions partitions, LogManager logs, ReplicaPorts ports, ControllerOrders orders) {
        this.partitions = partitions;
        this.logs = logs;
        this.ports = ports;
        this.orders = orders;
    }

    /** Begins a move, or notes where the log is to be created if it does not exist yet. */
    Errors move(TopicPartition name, Path directory) {
        if (name.toString().length() + FUTURE_SUFFIX > MAX_FILE_NAME) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        if (!logs.liveLogDirs().contains(directory)) {
            return logs.offlineLogDirs().contains(directory) ? Errors.KAFKA_STORAGE_ERROR : Errors.LOG_DIR_NOT_FOUND;
        }
        if (partitions.isOffline(name)) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
        Errors[] outcome = {Errors.NONE};
        orders.exclusively(() -> outcome[0] = begin(name, directory));
        return outcome[0];
    }

    private Errors begin(TopicPartition name, Path directory) {
        try {
            Optional<PartitionLog> future = logs.futureLog(name);
            if (future.isPresent() && !future.get().logDir().equals(directory)) {
                abandon(name);
                logs.deleteLater(name, true);
            }
            logs.preferLogDir(name, directory);
            Partition partition = partitions.get(name);
            PartitionLog current = partition == null ? null : partition.role().log();
            if (current == null) {
                return partition == null && partitions.absence(name) == Errors.UNKNOWN_TOPIC_OR_PARTITION
                        ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                        : Errors.REPLICA_NOT_AVAILABLE;
            }
            if (!current.logDir().equals(directory) && !moves.containsKey(name)) {
                start(partition, current);
            }
            return Errors.NONE;
        } catch (KafkaStorageException e) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
    }

    /** Takes up again what a restart interrupted: a future log lies beside the current one, and nobody fills it. */
    void resume(TopicPartition name) {
        Partition partition = partitions.get(name);
        PartitionLog current = partition == null ? null : partition.role().log();
        if (current != null && logs.futureLog(name).isPresent() && !moves.containsKey(name)) {
            start(partition, current);
        }
    }

    private void start(Partition partition, PartitionLog current) {
        PartitionLog future = logs.getOrCreateFuture(partition.topicPartition(), current.topicId());
        Move move = new Move(partition, future);
        moves.put(partition.topicPartition(), move);
        ports.events()
                .record(new ReplicaEvents.ReplicaMoveStarted(
                        partition.topicPartition(),
                        current.logDir(),
                        future.logDir(),
                        "an administrator asked for it, now or before a restart"));
        ports.executor().execute(move);
    }

    /** Stops copying; the future log stays where it is. */
    void abandon(TopicPartition name) {
        Move move = moves.remove(name);
        if (move != null) {
            move.stopped.set(true);
        }
    }

    void stop() {
        moves.keySet().forEach(this::abandon);
    }

    /** One move; runs piece by piece, never twice at a time. */
    private final class Move implements Runnable {
        private final Partition partition;
        private final PartitionLog future;
        private final AtomicBoolean stopped = new AtomicBoolean();

        private Move(Partition partition, PartitionLog future) {
            this.partition = partition;
            this.future = future;
        }

        @Override
        public void run() {
            if (stopped.get()) {
                return;
            }
            try {
                step();
            } catch (DiskFullException e) {
                again(FULL_MS); // its directory has told
            } catch (IOException | RuntimeException e) {
                LOG.error("Moving {} to {} failed", partition.topicPartition(), future.logDir(), e);
                abandon(partition.topicPartition());
            }
        }

        private void step() throws IOException {
            PartitionLog current = partition.role().log();
            if (current == null) {
                again(IDLE_MS);
                return;
            }
            align(current);
            if (future.logEndOffset() < current.logEndOffset()) {
                if (ports.moveQuota().isExceeded()) {
                    again(IDLE_MS);
                    return;
                }
                copy(current);
                again(0);
            } else if (partition.swapIfEqual(future, this::swap)) {
                moves.remove(partition.topicPartition(), this);
                ports.events()
                        .record(new ReplicaEvents.ReplicaMoved(
                                partition.topicPartition(), future.logDir(), "the copy was complete"));
            } else {
                again(0);
            }
        }

        /** The current log may have been cut at either end since the last piece. */
        private void align(PartitionLog current) {
            if (future.latestEpoch().isPresent()) {
                current.endOffsetForEpoch(future.latestEpoch().getAsInt())
                        .filter(end -> end.endOffset() >= 0)
                        .ifPresent(end -> future.truncateTo(end.endOffset()));
            }
            if (future.logEndOffset() > current.logEndOffset()) {
                future.truncateTo(current.logEndOffset());
            }
            if (future.logEndOffset() < current.logStartOffset()) {
                future.truncateFullyAndStartAt(current.logStartOffset(), Optional.empty());
            }
        }

        private void copy(PartitionLog current) throws IOException {
            LogReadInfo piece = current.read(future.logEndOffset(), PIECE_BYTES, FetchIsolation.LOG_END, true);
            ports.moveQuota().record(piece.records().sizeInBytes());
            future.appendAsFollower(piece.records().toMemoryRecords());
            future.updateHighWatermark(piece.highWatermark());
        }

        private PartitionLog swap() {
            return logs.replaceCurrentWithFuture(partition.topicPartition());
        }

        private void again(long delayMs) {
            if (delayMs == 0) {
                ports.executor().execute(this);
            } else {
                ports.scheduler().schedule(() -> ports.executor().execute(this), delayMs, TimeUnit.MILLISECONDS);
            }
        }
    }
}
