// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which leaders go back to their preferred replicas: those of brokers that lead too few of what they are preferred for. */
final class PreferredBalanceDecider {
    private final ControllerState state;
    private final ElectionDecider elections;
    private final int tolerancePercent;

    PreferredBalanceDecider(ControllerState state, ElectionDecider elections, int tolerancePercent) {
        this.state = state;
        this.elections = elections;
        this.tolerancePercent = tolerancePercent;
    }

    /**
     * The partitions to elect preferred leaders for. As in Kafka, a reassignment that waits holds none of them up, and the
     * partition it moves is one of them: its preferred replica is the first of those wanted.
     */
    List<PartitionEntry> candidates() {
        List<PartitionEntry> candidates = new ArrayList<>();
        byPreferredBroker().forEach((broker, partitions) -> {
            List<PartitionEntry> elsewhere = partitions.stream()
                    .filter(p -> p.leaderAndIsr != null && p.leader() != broker)
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
        for (PartitionEntry partition : state.partitions()) {
            if (!partition.replicas().isEmpty() && !state.deletions().isQueued(partition.topic.name)) {
                byBroker.computeIfAbsent(partition.replicas().get(0), id -> new ArrayList<>())
                        .add(partition);
            }
        }
        return byBroker;
    }
}
