// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.CommittedOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What a group committed, is about to commit, and will have committed if a transaction does. What is committed or
 * staged changes when records and markers are replayed; what is only being appended is soft. Owned by the group's
 * shard.
 *
 * <p>Among commits of one partition the one further down the log wins, also when the other one comes into effect later
 * because its transaction ended later.
 */
final class GroupOffsets {
    private static final long NOT_IN_LOG = -1L;

    private final Map<TopicPartition, Entry> committed = new LinkedHashMap<>();
    private final Map<TopicPartition, CommittedOffset> pending = new HashMap<>();
    private final Map<Long, Map<TopicPartition, Entry>> transactional = new HashMap<>();

    /** How a transaction ended before its own records were reported committed. */
    private enum Ending {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private record Entry(CommittedOffset offset, long recordOffset, Ending ending) {
        boolean isUnderWay() {
            return recordOffset == NOT_IN_LOG;
        }
    }

    /** The committed offset, or null. */
    CommittedOffset get(TopicPartition partition) {
        Entry entry = committed.get(partition);
        return entry == null ? null : entry.offset();
    }

    Set<TopicPartition> partitions() {
        return committed.keySet();
    }

    /** Whether a commit of the partition is under way, be it in a transaction. */
    boolean isUnstable(TopicPartition partition) {
        return pending.containsKey(partition)
                || transactional.values().stream().anyMatch(offsets -> offsets.containsKey(partition));
    }

    boolean isPending(TopicPartition partition) {
        return pending.containsKey(partition);
    }

    Set<TopicPartition> pendingPartitions() {
        return pending.keySet();
    }

    boolean hasPending() {
        return !pending.isEmpty() || !transactional.isEmpty();
    }

    boolean isEmpty() {
        return committed.isEmpty() && !hasPending();
    }

    /** Notes an offset that is being appended. */
    void prepare(TopicPartition partition, CommittedOffset offset) {
        pending.put(partition, offset);
    }

    /** An offset counts. */
    void commit(TopicPartition partition, CommittedOffset offset, long recordOffset) {
        pending.remove(partition, offset);
        put(partition, new Entry(offset, recordOffset, Ending.OPEN));
    }

    /** An offset was not appended. */
    void drop(TopicPartition partition, CommittedOffset offset) {
        pending.remove(partition, offset);
    }

    /** A tombstone counts. */
    void remove(TopicPartition partition) {
        committed.remove(partition);
    }

    /**
     * Forgets what transactions are about to commit for the partition. Not in the log, as the partition is no more: a
     * successor forgets it when it hears of that.
     */
    void removeTransactional(TopicPartition partition) {
        for (Map<TopicPartition, Entry> ofProducer : transactional.values()) {
            Entry entry = ofProducer.get(partition);
            if (entry != null && entry.isUnderWay()) {
                ofProducer.put(partition, new Entry(entry.offset(), NOT_IN_LOG, Ending.ABORTED));
            } else {
                ofProducer.remove(partition);
            }
        }
        transactional.values().removeIf(Map::isEmpty);
    }

    /** Notes an offset of a transaction that is being appended. */
    void prepareStaged(long producerId, TopicPartition partition, CommittedOffset offset) {
        transactional
                .computeIfAbsent(producerId, id -> new LinkedHashMap<>())
                .put(partition, new Entry(offset, NOT_IN_LOG, Ending.OPEN));
    }

    /** A transaction's offset is in the log, and counts when the transaction commits. */
    void stage(long producerId, TopicPartition partition, CommittedOffset offset, long recordOffset) {
        Map<TopicPartition, Entry> ofProducer = transactional.computeIfAbsent(producerId, id -> new LinkedHashMap<>());
        Entry prepared = ofProducer.get(partition);
        boolean underWay = prepared != null && prepared.isUnderWay();
        if (underWay && !prepared.offset().equals(offset)) {
            // A later one of the same transaction is under way, and takes its place.
            return;
        }
        Entry staged = new Entry(offset, recordOffset, Ending.OPEN);
        if (!underWay || prepared.ending() == Ending.OPEN) {
            ofProducer.put(partition, staged);
            return;
        }
        removeStaged(producerId, partition);
        if (prepared.ending() == Ending.COMMITTED) {
            put(partition, staged);
        }
    }

    /** A transaction's offset was not appended. */
    void dropStaged(long producerId, TopicPartition partition, CommittedOffset offset) {
        Map<TopicPartition, Entry> ofProducer = transactional.get(producerId);
        Entry prepared = ofProducer == null ? null : ofProducer.get(partition);
        if (prepared != null && prepared.isUnderWay() && prepared.offset().equals(offset)) {
            removeStaged(producerId, partition);
        }
    }

    /** A transaction's offset was deleted within the transaction. */
    void removeStaged(long producerId, TopicPartition partition) {
        Map<TopicPartition, Entry> ofProducer = transactional.get(producerId);
        if (ofProducer != null) {
            ofProducer.remove(partition);
            if (ofProducer.isEmpty()) {
                transactional.remove(producerId);
            }
        }
    }

    /** The transaction ended: its offsets count, or are forgotten. */
    void endTransaction(long producerId, boolean commit) {
        Map<TopicPartition, Entry> ofProducer = transactional.remove(producerId);
        if (ofProducer == null) {
            return;
        }
        Map<TopicPartition, Entry> unreported = new LinkedHashMap<>();
        ofProducer.forEach((partition, entry) -> {
            if (entry.isUnderWay()) {
                boolean forgotten = entry.ending() == Ending.ABORTED;
                Ending ending = commit && !forgotten ? Ending.COMMITTED : Ending.ABORTED;
                unreported.put(partition, new Entry(entry.offset(), NOT_IN_LOG, ending));
            } else if (commit) {
                put(partition, entry);
            }
        });
        if (!unreported.isEmpty()) {
            transactional.put(producerId, unreported);
        }
    }

    private void put(TopicPartition partition, Entry entry) {
        Entry current = committed.get(partition);
        if (current == null || current.recordOffset() <= entry.recordOffset()) {
            committed.put(partition, entry);
        }
    }
}
