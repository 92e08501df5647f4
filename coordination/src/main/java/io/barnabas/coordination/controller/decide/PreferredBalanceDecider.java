// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which leaders go back to their preferred replicas: those of brokers that lead too few of what they are preferred for.
 */
public final class PreferredBalanceDecider {
    private final ClusterPicture picture;
    private final ElectionDecider elections;
    private final int tolerancePercent;

    /**
     * @param picture what is known of the cluster
     * @param elections says whether a preferred replica can lead
     * @param tolerancePercent how much of its preferred partitions a broker may not lead, 0 to 100
     */
    public PreferredBalanceDecider(ClusterPicture picture, ElectionDecider elections, int tolerancePercent) {
        this.picture = picture;
        this.elections = elections;
        this.tolerancePercent = tolerancePercent;
    }

    /**
     * The partitions to elect preferred leaders for. As in Kafka, a reassignment that waits holds none of them up, and
     * the partition it moves is one of them: its preferred replica is the first of those wanted.
     */
    public List<PartitionEntry> candidates() {
        List<PartitionEntry> candidates = new ArrayList<>();
        byPreferredBroker().forEach((broker, partitions) -> {
            List<PartitionEntry> elsewhere = partitions.stream()
                    .filter(p -> p.leaderAndIsr() != null && p.leader() != broker)
                    .toList();
            double imbalance = (double) elsewhere.size() / partitions.size();
            if (imbalance > tolerancePercent / 100.0) {
                elsewhere.stream()
                        .filter(p -> elections.preferred(p).isChange())
                        .forEach(candidates::add);
            }
        });
        return candidates;
    }

    private Map<Integer, List<PartitionEntry>> byPreferredBroker() {
        Map<Integer, List<PartitionEntry>> byBroker = new TreeMap<>();
        for (PartitionEntry partition : picture.partitions()) {
            if (!partition.replicas().isEmpty()
                    && !picture.isBeingDeleted(partition.topic().name())) {
                byBroker.computeIfAbsent(partition.replicas().get(0), id -> new ArrayList<>())
                        .add(partition);
            }
        }
        return byBroker;
    }
}
