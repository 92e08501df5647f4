// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What a group committed, is about to commit, and will have committed if a transaction does. Owned by the group's shard.
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

    private record Entry(CommittedOffset offset, long recordOffset, Ending ending) {}

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

    /** Notes offsets that are being appended. */
    void prepare(Map<TopicPartition, CommittedOffset> offsets) {
        pending.putAll(offsets);
    }

    /** An offset holds. */
    void commit(TopicPartition partition, CommittedOffset offset, long recordOffset) {
        pending.remove(partition, offset);
        put(partition, new Entry(offset, recordOffset, Ending.OPEN));
    }

    /** An offset was not appended. */
    void fail(TopicPartition partition, CommittedOffset offset) {
        pending.remove(partition, offset);
    }

    /** A tombstone holds. */
    void remove(TopicPartition partition) {
        committed.remove(partition);
    }

    /** Forgets what transactions are about to commit for the partition. */
    void removeTransactional(TopicPartition partition) {
        transactional.values().forEach(offsets -> offsets.remove(partition));
        transactional.values().removeIf(Map::isEmpty);
    }

    /** Notes offsets of a transaction that are being appended. */
    void prepare(long producerId, Map<TopicPartition, CommittedOffset> offsets) {
        Map<TopicPartition, Entry> ofProducer = transactional.computeIfAbsent(producerId, id -> new LinkedHashMap<>());
        offsets.forEach((partition, offset) -> ofProducer.put(partition, new Entry(offset, NOT_IN_LOG, Ending.OPEN)));
    }

    /** A transaction's offset is in the log, and counts when the transaction commits. */
    void stage(long producerId, TopicPartition partition, CommittedOffset offset, long recordOffset) {
        Map<TopicPartition, Entry> ofProducer = transactional.get(producerId);
        Entry prepared = ofProducer == null ? null : ofProducer.get(partition);
        if (prepared == null || !prepared.offset().equals(offset)) {
            return;
        }
        Entry staged = new Entry(offset, recordOffset, Ending.OPEN);
        if (prepared.ending() == Ending.OPEN) {
            ofProducer.put(partition, staged);
            return;
        }
        removeStaged(producerId, partition);
        if (prepared.ending() == Ending.COMMITTED) {
            put(partition, staged);
        }
    }

    /** Takes in a transaction's offset while loading. */
    void replayStaged(long producerId, TopicPartition partition, CommittedOffset offset, long recordOffset) {
        transactional
                .computeIfAbsent(producerId, id -> new LinkedHashMap<>())
                .put(partition, new Entry(offset, recordOffset, Ending.OPEN));
    }

    /** A transaction's offset was not appended, or was deleted within the transaction. */
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
            if (entry.recordOffset() == NOT_IN_LOG) {
                Ending ending = commit ? Ending.COMMITTED : Ending.ABORTED;
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
