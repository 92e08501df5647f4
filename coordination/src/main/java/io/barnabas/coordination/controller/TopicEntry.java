// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.store.TopicRecord;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** One topic in the controller's state. Owned by the loop. */
final class TopicEntry {
    final String name;
    /** {@link Uuid#ZERO_UUID} if the topic has none. */
    final Uuid id;

    final SortedMap<Integer, PartitionEntry> partitions = new TreeMap<>();
    /** The topic's record as last read or written: the condition of the next write. */
    TopicRecord record;

    TopicEntry(TopicRecord record) {
        this.name = record.name();
        this.id = record.id().orElse(Uuid.ZERO_UUID);
        this.record = record;
    }
}
