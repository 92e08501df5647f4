// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * A topic as the metadata cache knows it.
 *
 * @param name the topic's name
 * @param id its topic id (KIP-516), {@link Uuid#ZERO_UUID} below IBP 2.8
 * @param partitions its partitions by index; never empty
 */
public record TopicImage(String name, Uuid id, SortedMap<Integer, PartitionImage> partitions) {
    public TopicImage(String name, Uuid id, Map<Integer, PartitionImage> partitions) {
        this(name, id, new TreeMap<>(partitions));
    }

    public TopicImage {
        partitions = Collections.unmodifiableSortedMap(partitions);
    }

    /** The state of one of its partitions. */
    public Optional<PartitionImage> partition(int index) {
        return Optional.ofNullable(partitions.get(index));
    }
}
