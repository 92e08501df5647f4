// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.record;

import io.barnabas.coordinator.group.CommittedOffset;
import org.apache.kafka.common.TopicPartition;

/** A record of {@code __consumer_offsets}. */
public sealed interface GroupRecord {
    /** The group it is about. */
    String groupId();

    /** The group committed an offset for a partition; in a transaction it counts once that is committed. */
    record OffsetCommitted(String groupId, TopicPartition partition, CommittedOffset offset) implements GroupRecord {}

    /** The group's offset for a partition is deleted. */
    record OffsetDeleted(String groupId, TopicPartition partition) implements GroupRecord {}

    /** The group's generation, with its members and their assignments. */
    record GroupStored(String groupId, GroupSnapshot snapshot) implements GroupRecord {}

    /** The group has no generation any more; its offsets have records of their own. */
    record GroupDeleted(String groupId) implements GroupRecord {}
}
