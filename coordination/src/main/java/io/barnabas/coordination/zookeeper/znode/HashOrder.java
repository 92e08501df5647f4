// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which Kafka's topic nodes list their partitions: that of a chained hash table of the keys as text. Only so
 * that the same topic gives the same bytes; nobody depends on it when reading.
 */
final class HashOrder {
    private static final int INITIAL_BUCKETS = 16;

    private HashOrder() {}

    static List<Integer> sort(Collection<Integer> keys) {
        int buckets = INITIAL_BUCKETS;
        while (keys.size() >= buckets / 4 * 3) {
            buckets *= 2;
        }
        int mask = buckets - 1;
        List<Integer> sorted = new ArrayList<>(keys);
        sorted.sort(Comparator.<Integer>comparingInt(key -> spread(key) & mask).thenComparingInt(HashOrder::spread));
        return sorted;
    }

    private static int spread(Integer key) {
        int hash = key.toString().hashCode();
        return hash ^ (hash >>> 16);
    }
}
