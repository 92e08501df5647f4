// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import io.barnabas.replica.log.ActiveProducer;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.VerificationGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producers of one log, as of {@link #mapEndOffset}. Not thread-safe: the log calls it under its lock.
 *
 * <p>Snapshots are written when a segment is rolled and when the log is closed, so that a start need not read the whole
 * log; expired producers are left out of what a snapshot brings back, as they are forgotten in memory.
 */
public final class ProducerStates {
    /** How much longer than the largest transaction time-out a transaction may be open before it counts as hanging. */
    private static final long LATE_TRANSACTION_BUFFER_MS = 5L * 60 * 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ProducerStates.class);

    private final TopicPartition partition;
    private final SnapshotFiles snapshots;
    private final ProducerExpiry expiry;
    private final Map<Long, ProducerEntry> producers = new HashMap<>();
    private final OpenTransactions transactions = new OpenTransactions();
    private final Verifications verifications = new Verifications();
    private long mapEndOffset;
    private long lastSnapshotOffset;

    private ProducerStates(TopicPartition partition, Path directory, ProducerExpiry expiry) {
        this.partition = partition;
        this.snapshots = new SnapshotFiles(directory);
        this.expiry = expiry;
    }

    /** The producers of a log just created: none; reads nothing. */
    public static ProducerStates empty(TopicPartition partition, Path directory, ProducerExpiry expiry) {
        return new ProducerStates(partition, directory, expiry);
    }

    /**
     * Starts empty, knowing the snapshots in a directory.
     *
     * @param partition the log's partition, for messages
     * @param directory the log's directory
     * @param files the names of the files in it
     * @param expiry when producers are forgotten
     */
    public static ProducerStates of(
            TopicPartition partition, Path directory, List<String> files, ProducerExpiry expiry) {
        ProducerStates states = empty(partition, directory, expiry);
        states.snapshots.found(files);
        return states;
    }

    /** Another instance wrote snapshots: looks again which there are. */
    public void relistSnapshots() throws IOException {
        snapshots.reload();
    }

    /** The offset up to which batches are accounted for. */
    public long mapEndOffset() {
        return mapEndOffset;
    }

    /** Everything before this offset is in the states. */
    public void updateMapEndOffset(long offset) {
        mapEndOffset = offset;
    }

    /** Whether no producer is known. */
    public boolean isEmpty() {
        return producers.isEmpty() && !transactions.hasUnreplicated();
    }

    /** The entry of a producer, null if it is not known. */
    public ProducerEntry entry(long producerId) {
        return producers.get(producerId);
    }

    /** The retained batch that a producer's batch repeats, null if it is new. */
    public BatchMetadata findDuplicate(RecordBatch batch) {
        ProducerEntry entry = producers.get(batch.producerId());
        return entry == null ? null : entry.findDuplicate(batch);
    }

    /** Starts checking batches of one producer that are about to be appended. */
    public ProducerAppend prepare(long producerId, AppendOrigin origin) {
        return new ProducerAppend(
                partition, producerId, producers.get(producerId), origin, verifications.lowestSequence(producerId));
    }

    /**
     * Hands out the guard for the first batch of a producer's transaction, {@link VerificationGuard#NONE} if its
     * transaction is open already.
     *
     * @param sequence of the batch that is to be verified, -1 if it has none
     */
    public VerificationGuard startVerification(long producerId, short epoch, int sequence, long nowMs) {
        ProducerEntry entry = producers.get(producerId);
        return entry != null && entry.hasOpenTransaction()
                ? VerificationGuard.NONE
                : verifications.start(producerId, epoch, sequence, nowMs);
    }

    /** Whether a producer may write in a transaction: it is open, or the guard is the one handed out last. */
    public boolean isVerified(long producerId, VerificationGuard guard) {
        ProducerEntry entry = producers.get(producerId);
        return guard == VerificationGuard.NOT_REQUIRED
                || (entry != null && entry.hasOpenTransaction())
                || verifications.isCurrent(producerId, guard);
    }

    /** Takes over the changes of batches that were appended. */
    public void apply(ProducerAppend append) {
        append.applyTo(producers.computeIfAbsent(append.producerId(), ProducerEntry::new), this);
        if (append.isTransactional()) {
            verifications.forget(append.producerId());
        }
    }

    /** Accounts for a batch read back from the log or fetched from the leader, unchecked but for its markers. */
    public CompletedTransaction replay(RecordBatch batch) {
        if (!batch.hasProducerId()) {
            return null;
        }
        ProducerAppend append = prepare(batch.producerId(), AppendOrigin.REPLICATION);
        CompletedTransaction completed = append.add(batch, LogOffsetMetadata.UNKNOWN_SEGMENT, -1);
        apply(append);
        return completed;
    }

    void transactionBegan(long producerId, long firstOffset, long segmentBaseOffset, int position) {
        transactions.began(producerId, new LogOffsetMetadata(firstOffset, segmentBaseOffset, position));
    }

    /** The last stable offset once the transaction is completed: what its index entry says. */
    public long lastStableOffsetAfter(CompletedTransaction completed) {
        return transactions.lastStableOffsetAfter(completed);
    }

    /** A transaction's marker is in the log, and in the index if it was aborted. */
    public void complete(CompletedTransaction completed) {
        transactions.completed(completed);
    }

    /** The first offset that is not stable, null if all are. */
    public LogOffsetMetadata firstUnstableOffset() {
        return transactions.firstUnstable();
    }

    /** Forgets transactions that ended below the high watermark. */
    public void onHighWatermarkUpdated(long highWatermark) {
        if (transactions.hasUnreplicated()) {
            transactions.forgetBelow(highWatermark);
        }
    }

    /** Forgets what lies before the log's start. */
    public void onLogStartOffsetIncremented(long logStartOffset) {
        transactions.forgetBelow(logStartOffset);
        mapEndOffset = Math.max(mapEndOffset, logStartOffset);
        Long latest = snapshots.latest();
        lastSnapshotOffset = latest == null ? logStartOffset : latest;
    }

    /** Forgets producers idle for too long. */
    public void removeExpired(long nowMs) {
        producers.values().removeIf(entry -> expiry.isExpired(entry, nowMs));
        verifications.removeOlderThan(expiry.expirationMs(), nowMs);
    }

    /** Whether a transaction is open longer than any may be, at that time in ms. */
    public boolean hasLateTransaction(long nowMs) {
        ProducerEntry oldest = producers.get(transactions.oldestProducerId());
        return oldest != null
                && oldest.lastTimestamp() > 0
                && nowMs - oldest.lastTimestamp() > expiry.maxTransactionTimeoutMs() + LATE_TRANSACTION_BUFFER_MS;
    }

    /**
     * Goes back to the state of the latest snapshot up to {@code logEndOffset}, unless the state is of that offset
     * already. Snapshots out of range are deleted. The caller replays from {@link #mapEndOffset} on.
     */
    public void truncateAndReload(long logStartOffset, long logEndOffset, long nowMs) throws IOException {
        for (long offset : snapshots.all()) {
            if (offset > logEndOffset || offset <= logStartOffset) {
                snapshots.delete(offset);
            }
        }
        if (logEndOffset == mapEndOffset) {
            onLogStartOffsetIncremented(logStartOffset);
            return;
        }
        producers.clear();
        transactions.clear();
        loadLatestSnapshot(logStartOffset, nowMs);
    }

    private void loadLatestSnapshot(long logStartOffset, long nowMs) throws IOException {
        for (Long offset = snapshots.latest(); offset != null; offset = snapshots.latest()) {
            try {
                for (ProducerEntry entry : ProducerSnapshot.read(snapshots.file(offset))) {
                    if (!expiry.isExpired(entry, nowMs)) {
                        load(entry);
                    }
                }
                lastSnapshotOffset = offset;
                mapEndOffset = offset;
                return;
            } catch (ProducerSnapshot.CorruptSnapshotException e) {
                LOG.warn("Producer snapshot {} is no use: {}", snapshots.file(offset), e.getMessage());
                snapshots.delete(offset);
            }
        }
        lastSnapshotOffset = logStartOffset;
        mapEndOffset = logStartOffset;
    }

    private void load(ProducerEntry entry) {
        producers.put(entry.producerId(), entry);
        if (entry.hasOpenTransaction()) {
            transactions.began(entry.producerId(), LogOffsetMetadata.offsetOnly(entry.transactionFirstOffset()));
        }
    }

    /** Forgets everything, snapshots too. */
    public void truncateFullyAndStartAt(long offset) throws IOException {
        producers.clear();
        transactions.clear();
        for (long snapshot : snapshots.all()) {
            snapshots.delete(snapshot);
        }
        lastSnapshotOffset = 0L;
        mapEndOffset = offset;
    }

    /** Writes a snapshot of the current state unless there is one of this offset. */
    public void takeSnapshot() throws IOException {
        if (mapEndOffset > lastSnapshotOffset) {
            snapshots.write(mapEndOffset, ProducerSnapshot.encode(producers.values()));
            lastSnapshotOffset = mapEndOffset;
        }
    }

    /** The file with the snapshot of an offset, null if there is none. */
    public Path snapshotFile(long offset) {
        return snapshots.has(offset) ? snapshots.file(offset) : null;
    }

    /** The offset of the latest snapshot, if there is one. */
    public OptionalLong latestSnapshotOffset() {
        Long latest = snapshots.latest();
        return latest == null ? OptionalLong.empty() : OptionalLong.of(latest);
    }

    /** Forgets the snapshot a removed segment began with, and names its file; null if there is none. */
    public Path forgetSnapshot(long offset) {
        return snapshots.forget(offset);
    }

    /** Deletes snapshots without a segment, but for one beyond the last segment. */
    public void deleteStraySnapshots(Collection<Long> segmentBaseOffsets) throws IOException {
        snapshots.deleteStrays(segmentBaseOffsets);
    }

    /** The log's directory was renamed. */
    public void directoryRenamed(Path directory) {
        snapshots.directory(directory);
    }

    /** What has to stay in the log for each producer, so that its state can be rebuilt. */
    public Map<Long, LastRecord> lastRecords() {
        Map<Long, LastRecord> last = new HashMap<>();
        for (ProducerEntry entry : producers.values()) {
            last.put(entry.producerId(), new LastRecord(entry.lastDataOffset(), entry.producerEpoch()));
        }
        return last;
    }

    /** All producers, as DescribeProducers shows them. */
    public List<ActiveProducer> activeProducers() {
        List<ActiveProducer> active = new ArrayList<>(producers.size());
        for (ProducerEntry entry : producers.values()) {
            active.add(describe(entry));
        }
        return active;
    }

    /** One producer as DescribeProducers shows it. */
    public static ActiveProducer describe(ProducerEntry entry) {
        return new ActiveProducer(
                entry.producerId(),
                entry.producerEpoch(),
                entry.lastSequence(),
                entry.lastTimestamp(),
                entry.coordinatorEpoch(),
                entry.hasOpenTransaction() ? OptionalLong.of(entry.transactionFirstOffset()) : OptionalLong.empty());
    }
}
