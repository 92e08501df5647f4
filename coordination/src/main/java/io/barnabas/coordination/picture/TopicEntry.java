// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.picture;

import io.barnabas.coordination.store.TopicRecord;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** One topic in a {@link ClusterPicture}, which alone changes it. Not thread-safe. */
public final class TopicEntry {
    private final String name;
    private final Uuid id;
    private final SortedMap<Integer, PartitionEntry> partitions = new TreeMap<>();
    private final SortedMap<Integer, PartitionEntry> shownPartitions = Collections.unmodifiableSortedMap(partitions);
    private TopicRecord record;
    private Map<String, String> configs;

    TopicEntry(TopicRecord record) {
        this.name = record.name();
        this.id = record.id().orElse(Uuid.ZERO_UUID);
        this.record = record;
    }

    /** The topic's name. */
    public String name() {
        return name;
    }

    /** The topic's id, {@link Uuid#ZERO_UUID} if it has none. */
    public Uuid id() {
        return id;
    }

    /** Its partitions by index; a view. */
    public SortedMap<Integer, PartitionEntry> partitions() {
        return shownPartitions;
    }

    /** The topic's record as last read or written: the condition of the next write. */
    public TopicRecord record() {
        return record;
    }

    /** The topic's own configs as last read, empty if they never were. */
    public Optional<Map<String, String>> configs() {
        return Optional.ofNullable(configs);
    }

    void record(TopicRecord newRecord) {
        record = newRecord;
    }

    void configs(Map<String, String> newConfigs) {
        configs = Map.copyOf(newConfigs);
    }

    void add(PartitionEntry partition) {
        partitions.put(partition.id().partition(), partition);
    }
}
