// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.BrokerInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.UnknownServerException;

/**
 * Spreads the replicas of new partitions over brokers by Kafka's rules: first replicas round-robin from a random
 * broker, the others at a shift that grows each time around, and, where brokers have racks, over as many racks as there
 * are (KIP-36).
 */
public final class ReplicaAssigner {
    private final RandomGenerator random;

    /** @param random chooses where rounds begin */
    public ReplicaAssigner(RandomGenerator random) {
        this.random = random;
    }

    /** An assignment for a new topic; fails with the {@link ApiException} a client is to see. */
    public SortedMap<Integer, List<Integer>> assign(
            Collection<BrokerInfo> brokers, int partitions, int replicationFactor) {
        check(brokers, partitions, replicationFactor);
        return place(
                arrange(brokers), partitions, replicationFactor, random.nextInt(brokers.size()), -1, 0, racks(brokers));
    }

    /**
     * An assignment for partitions added to a topic.
     *
     * @param startIndex where the rounds begin, so that added partitions go on where the first ones began
     * @param firstPartition the index of the first added one
     */
    public SortedMap<Integer, List<Integer>> extend(
            Collection<BrokerInfo> brokers, int partitions, int replicationFactor, int startIndex, int firstPartition) {
        check(brokers, partitions, replicationFactor);
        return place(
                arrange(brokers),
                partitions,
                replicationFactor,
                startIndex,
                startIndex,
                firstPartition,
                racks(brokers));
    }

    private static void check(Collection<BrokerInfo> brokers, int partitions, int replicationFactor) {
        if (partitions <= 0) {
            throw new InvalidPartitionsException("Number of partitions must be larger than 0.");
        }
        if (replicationFactor <= 0) {
            throw new InvalidReplicationFactorException("Replication factor must be larger than 0.");
        }
        if (replicationFactor > brokers.size()) {
            throw new InvalidReplicationFactorException("Replication factor: " + replicationFactor
                    + " larger than available brokers: " + brokers.size() + ".");
        }
        long withRack = brokers.stream().filter(b -> b.rack().isPresent()).count();
        if (withRack > 0 && withRack < brokers.size()) {
            throw new UnknownServerException(
                    "Not all brokers have rack information for replica rack aware assignment.");
        }
    }

    private SortedMap<Integer, List<Integer>> place(
            List<Integer> ring,
            int partitions,
            int replicationFactor,
            int startIndex,
            int fixedShift,
            int firstPartition,
            Map<Integer, String> racks) {
        int shift = fixedShift >= 0 ? fixedShift : random.nextInt(ring.size());
        SortedMap<Integer, List<Integer>> assignment = new TreeMap<>();
        for (int partition = firstPartition; partition < firstPartition + partitions; partition++) {
            if (partition > 0 && partition % ring.size() == 0) {
                shift++;
            }
            int first = (partition + startIndex) % ring.size();
            assignment.put(
                    partition,
                    racks.isEmpty()
                            ? followAround(ring, first, shift, replicationFactor)
                            : followOverRacks(ring, first, shift, replicationFactor, racks));
        }
        return assignment;
    }

    private static List<Integer> followAround(List<Integer> ring, int first, int shift, int replicationFactor) {
        List<Integer> replicas = new ArrayList<>(replicationFactor);
        replicas.add(ring.get(first));
        for (int j = 0; j < replicationFactor - 1; j++) {
            replicas.add(ring.get(replicaIndex(first, shift, j, ring.size())));
        }
        return List.copyOf(replicas);
    }

    private static List<Integer> followOverRacks(
            List<Integer> ring, int first, int shift, int replicationFactor, Map<Integer, String> racks) {
        int rackCount = new HashSet<>(racks.values()).size();
        List<Integer> replicas = new ArrayList<>(replicationFactor);
        Set<String> usedRacks = new HashSet<>();
        replicas.add(ring.get(first));
        usedRacks.add(racks.get(ring.get(first)));
        for (int step = 0; replicas.size() < replicationFactor; step++) {
            int broker = ring.get(replicaIndex(first, shift * rackCount, step, ring.size()));
            String rack = racks.get(broker);
            boolean rackFits = !usedRacks.contains(rack) || usedRacks.size() == rackCount;
            if (rackFits && !replicas.contains(broker)) {
                replicas.add(broker);
                usedRacks.add(rack);
            }
        }
        return List.copyOf(replicas);
    }

    private static int replicaIndex(int first, int secondReplicaShift, int replica, int brokerCount) {
        int shift = 1 + (secondReplicaShift + replica) % (brokerCount - 1);
        return (first + shift) % brokerCount;
    }

    /** The brokers by id; where they have racks, one of each rack in turn. */
    private static List<Integer> arrange(Collection<BrokerInfo> brokers) {
        List<BrokerInfo> sorted =
                brokers.stream().sorted(Comparator.comparingInt(BrokerInfo::id)).toList();
        SortedMap<String, Deque<Integer>> byRack = new TreeMap<>();
        for (BrokerInfo broker : sorted) {
            byRack.computeIfAbsent(broker.rack().orElse(""), rack -> new ArrayDeque<>())
                    .add(broker.id());
        }
        List<Integer> ring = new ArrayList<>(sorted.size());
        while (!byRack.isEmpty()) {
            for (Iterator<Deque<Integer>> rack = byRack.values().iterator(); rack.hasNext(); ) {
                Deque<Integer> ids = rack.next();
                ring.add(ids.remove());
                if (ids.isEmpty()) {
                    rack.remove();
                }
            }
        }
        return ring;
    }

    private static Map<Integer, String> racks(Collection<BrokerInfo> brokers) {
        Map<Integer, String> racks = new HashMap<>();
        brokers.forEach(broker -> broker.rack().ifPresent(rack -> racks.put(broker.id(), rack)));
        return racks;
    }
}
