// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.event.EventLine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The lines that operators read of what the controller does. */
class ControllerEventsTest {
    private final Cluster cluster = new Cluster().start(1, 2, 3);

    private List<String> eventsOf(Runnable action) {
        cluster.executor.runAll();
        cluster.events.clear();
        action.run();
        cluster.executor.runAll();
        return cluster.events.stream().map(EventLine::of).toList();
    }

    @Test
    void aBrokersDeathIsToldWithEachOfAFewLeaders() {
        cluster.create("t", Map.of(0, List.of(2, 3), 1, List.of(3, 2)));
        long brokerEpoch = cluster.store.brokerEpoch(2);

        assertThat(eventsOf(() -> cluster.kill(2)))
                .containsExactly(
                        "broker-failed broker=2 brokerEpoch=" + brokerEpoch
                                + " led=1 wasShuttingDown=false controllerEpoch=1 why=\"its registration is gone\"",
                        "leader-elected partition=t-0 leader=3 leaderEpoch=1 isr=[3] formerLeader=2"
                                + " formerIsr=\"[2, 3]\" partitionEpoch=1 controllerEpoch=1"
                                + " why=\"brokers [2] are gone\"",
                        "isr-changed partition=t-1 leader=3 leaderEpoch=1 isr=[3] formerLeader=3"
                                + " formerIsr=\"[3, 2]\" partitionEpoch=1 controllerEpoch=1"
                                + " why=\"brokers [2] are gone\"");
    }

    @Test
    void aBrokersDeathIsToldInOneLineForManyPartitions() {
        Map<Integer, List<Integer>> many = new HashMap<>();
        IntStream.range(0, 30).forEach(partition -> many.put(partition, List.of(2, 3)));
        cluster.create("t", many);

        assertThat(eventsOf(() -> cluster.kill(2)))
                .hasSize(2)
                .last()
                .isEqualTo("partitions-changed partitions=30 leadersElected=30 unclean=0 leaderless=0"
                        + " controllerEpoch=1 why=\"brokers [2] are gone\"");
    }

    @Test
    void aPartitionThatNobodyCanLeadIsToldWithTheReason() {
        cluster.create("t", Map.of(0, List.of(2)));

        assertThat(eventsOf(() -> cluster.kill(2)))
                .contains("leader-lost partition=t-0 leader=-1 leaderEpoch=1 isr=[2] formerLeader=2 formerIsr=[2]"
                        + " partitionEpoch=1 controllerEpoch=1 why=\"brokers [2] are gone\"");
    }
}
