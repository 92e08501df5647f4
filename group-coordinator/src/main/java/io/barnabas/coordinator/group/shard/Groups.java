// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecord.GroupStored;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetCommitted;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetDeleted;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The groups of a shard by their ids. The only place where records change them: noted as under way, dropped, or
 * replayed. Owned by the shard's loop.
 */
final class Groups {
    private final GroupContext context;
    private final Rebalances rebalances;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<Long, Set<String>> openTransactions = new HashMap<>();

    /** @param rebalances gives new groups their timers */
    Groups(GroupContext context, Rebalances rebalances) {
        this.context = context;
        this.rebalances = rebalances;
    }

    /** Null if there is none. */
    Group get(String groupId) {
        return groups.get(groupId);
    }

    boolean has(String groupId) {
        return groups.containsKey(groupId);
    }

    /** A group that is new is empty. */
    Group getOrNew(String groupId) {
        Group known = groups.get(groupId);
        if (known != null) {
            return known;
        }
        Group group = new Group(groupId, context.wallMs());
        rebalances.attach(group.membership());
        groups.put(groupId, group);
        return group;
    }

    /** All groups, as of now. */
    List<Group> all() {
        return List.copyOf(groups.values());
    }

    /** Nothing is left of the group. */
    void forget(Group group) {
        groups.remove(group.groupId(), group);
    }

    /** Forgets groups of which the log has nothing but tombstones. */
    void removeEmpty() {
        groups.values()
                .removeIf(group -> !group.hasGeneration() && group.offsets().isEmpty());
    }

    // --- records

    /** The record is about to be appended. */
    void prepare(GroupRecord record, long producerId) {
        if (record instanceof OffsetCommitted committed) {
            GroupOffsets kept = getOrNew(committed.groupId()).offsets();
            if (producerId == RecordAppend.NO_PRODUCER_ID) {
                kept.prepare(committed.partition(), committed.offset());
            } else {
                noteTransaction(producerId, committed.groupId());
                kept.prepareStaged(producerId, committed.partition(), committed.offset());
            }
        }
    }

    /** The prepared record was refused. */
    void drop(GroupRecord record, long producerId) {
        if (record instanceof OffsetCommitted committed) {
            GroupOffsets kept = getOrNew(committed.groupId()).offsets();
            if (producerId == RecordAppend.NO_PRODUCER_ID) {
                kept.drop(committed.partition(), committed.offset());
            } else {
                kept.dropStaged(producerId, committed.partition(), committed.offset());
            }
        }
    }

    /** The record counts. */
    void replay(GroupRecord record, long offset, long producerId) {
        Group group = getOrNew(record.groupId());
        if (record instanceof OffsetCommitted committed) {
            replayCommit(group, committed, offset, producerId);
        } else if (record instanceof OffsetDeleted deleted) {
            replayDeletion(group, deleted, producerId);
        } else if (record instanceof GroupStored stored) {
            group.replay(stored.snapshot());
        } else {
            group.replay(null);
        }
    }

    private void replayCommit(Group group, OffsetCommitted committed, long offset, long producerId) {
        if (producerId == RecordAppend.NO_PRODUCER_ID) {
            group.offsets().commit(committed.partition(), committed.offset(), offset);
        } else {
            noteTransaction(producerId, committed.groupId());
            group.offsets().stage(producerId, committed.partition(), committed.offset(), offset);
        }
    }

    private void replayDeletion(Group group, OffsetDeleted deleted, long producerId) {
        if (producerId == RecordAppend.NO_PRODUCER_ID) {
            group.offsets().remove(deleted.partition());
        } else {
            noteTransaction(producerId, deleted.groupId());
            group.offsets().removeStaged(producerId, deleted.partition());
        }
    }

    private void noteTransaction(long producerId, String groupId) {
        openTransactions
                .computeIfAbsent(producerId, id -> new LinkedHashSet<>())
                .add(groupId);
    }

    /** A transaction ended, as its marker says. */
    void replayEndTransaction(long producerId, boolean committed) {
        Set<String> open = openTransactions.remove(producerId);
        if (open == null) {
            return;
        }
        for (String groupId : open) {
            Group group = groups.get(groupId);
            if (group != null) {
                group.offsets().endTransaction(producerId, committed);
            }
        }
    }
}
