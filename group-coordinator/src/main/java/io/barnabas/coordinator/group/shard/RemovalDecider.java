// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.record.GroupSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides what is no longer wanted: deleted groups and offsets, offsets of deleted topics, and expired ones (KIP-211).
 */
final class RemovalDecider {
    private final long retentionMs;

    RemovalDecider(GroupConfig config) {
        this.retentionMs = config.offsetsRetentionMs();
    }

    /**
     * What is to be removed of a group.
     *
     * @param partitions whose offsets
     * @param wholeGroup whether nothing is left of the group then
     * @param why for the log of events
     */
    record Removal(List<TopicPartition> partitions, boolean wholeGroup, String why) {
        Removal {
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * Whether an administrator may delete the group.
     *
     * @param group null if it does not exist
     */
    static Errors checkGroup(Group group) {
        if (group == null || group.is(GroupState.DEAD)) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        return group.is(GroupState.EMPTY) ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    /** The group with all its offsets, also those under way. */
    static Removal wholeGroup(Group group) {
        Set<TopicPartition> partitions = new LinkedHashSet<>(group.offsets().partitions());
        partitions.addAll(group.offsets().pendingPartitions());
        return new Removal(List.copyOf(partitions), true, "an administrator deleted the group");
    }

    /**
     * Whether an administrator may delete offsets of the group.
     *
     * @param group null if it does not exist
     */
    static Errors checkOffsets(Group group) {
        if (group == null || group.is(GroupState.DEAD)) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        boolean consumers =
                ConsumerProtocol.PROTOCOL_TYPE.equals(group.membership().protocolType());
        return group.is(GroupState.EMPTY) || consumers ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    /** NONE for each partition whose offset may be deleted, an error for those the group reads. */
    static Map<TopicPartition, Errors> checkPartitions(Group group, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Errors> results = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            boolean used = !group.is(GroupState.EMPTY) && group.membership().isSubscribedTo(partition.topic());
            results.put(partition, used ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE);
        }
        return results;
    }

    /** The offsets there are of these partitions. */
    static Removal offsets(Group group, Collection<TopicPartition> partitions, String why) {
        List<TopicPartition> known = known(group, partitions);
        return new Removal(known, isLast(group, known), why);
    }

    /** What the group committed for partitions that are no more; empty if nothing. */
    static Optional<Removal> ofDeletedPartitions(Group group, Collection<TopicPartition> partitions) {
        Removal removal = offsets(group, partitions, "their topic was deleted");
        return removal.partitions().isEmpty() ? Optional.empty() : Optional.of(removal);
    }

    /** What has expired, and the group itself if nothing is left of it; empty if nothing has. */
    Optional<Removal> expired(Group group, long wallMs) {
        if (group.is(GroupState.DEAD)) {
            return Optional.empty();
        }
        List<TopicPartition> expired = expiredPartitions(group, wallMs);
        boolean last = isLast(group, expired);
        return last || !expired.isEmpty() ? Optional.of(new Removal(expired, last, "they expired")) : Optional.empty();
    }

    private List<TopicPartition> expiredPartitions(Group group, long wallMs) {
        List<TopicPartition> expired = new ArrayList<>();
        for (TopicPartition partition : group.offsets().partitions()) {
            if (!group.offsets().isPending(partition) && isExpired(group, partition, wallMs)) {
                expired.add(partition);
            }
        }
        return expired;
    }

    /**
     * Offsets of a group that lost its members expire some time after that. Those of a consumer that is in no group,
     * and those of topics a group no longer reads, expire some time after they were committed.
     */
    private boolean isExpired(Group group, TopicPartition partition, long wallMs) {
        CommittedOffset offset = group.offsets().get(partition);
        GroupMembership members = group.membership();
        long sinceMs = offset.commitTimestampMs();
        if (members.protocolType() != null) {
            if (group.is(GroupState.EMPTY)) {
                boolean known = members.stateTimestampMs() != GroupSnapshot.NO_TIMESTAMP;
                sinceMs = known ? members.stateTimestampMs() : sinceMs;
            } else {
                boolean unread = group.is(GroupState.STABLE)
                        && ConsumerProtocol.PROTOCOL_TYPE.equals(members.protocolType())
                        && !members.isSubscribedTo(partition.topic());
                if (!unread) {
                    return false;
                }
            }
        }
        if (offset.expireTimestampMs() != CommittedOffset.NO_EXPIRY) {
            return wallMs >= offset.expireTimestampMs();
        }
        return wallMs - sinceMs >= retentionMs;
    }

    private static List<TopicPartition> known(Group group, Collection<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> group.offsets().get(partition) != null
                        || group.offsets().isPending(partition))
                .distinct()
                .toList();
    }

    /**
     * Whether nothing is left of the group without these offsets. As in Kafka, a member that has its id and has not joined
     * does not keep the group: it asks for another id.
     */
    private static boolean isLast(Group group, Collection<TopicPartition> removed) {
        return group.is(GroupState.EMPTY)
                && !group.offsets().hasPending()
                && removed.containsAll(group.offsets().partitions());
    }
}
