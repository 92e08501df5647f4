// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.record;

import org.apache.kafka.common.TopicPartition;

/** What a record of {@code __consumer_offsets} is about. */
sealed interface RecordKey {
    /** An offset a group committed. */
    record OffsetKey(String groupId, TopicPartition partition) implements RecordKey {}

    /** A group's metadata. */
    record GroupKey(String groupId) implements RecordKey {}

    /** Something a newer coordinator wrote; not for us. */
    record UnknownKey(short version) implements RecordKey {}
}
