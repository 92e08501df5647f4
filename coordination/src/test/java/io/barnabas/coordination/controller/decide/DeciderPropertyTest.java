// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.store.TopicRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What must hold for every election, assignment and reassignment. */
class DeciderPropertyTest {
    private static List<BrokerInfo> brokers(int count, int racks) {
        List<BrokerInfo> brokers = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            Optional<String> rack = racks == 0 ? Optional.empty() : Optional.of("r" + id % racks);
            brokers.add(new BrokerInfo(id, 1, List.of(), rack));
        }
        return brokers;
    }

    @Property
    void everyPartitionGetsDistinctReplicasAndLeadersAreSpreadEvenly(
            @ForAll @IntRange(min = 1, max = 9) int count,
            @ForAll @IntRange(min = 0, max = 4) int racks,
            @ForAll @IntRange(min = 1, max = 60) int partitions,
            @ForAll @IntRange(min = 1, max = 5) int wantedFactor,
            @ForAll long seed) {
        int factor = Math.min(wantedFactor, count);
        SortedMap<Integer, List<Integer>> assignment =
                new ReplicaAssigner(new Random(seed)).assign(brokers(count, racks), partitions, factor);

        Map<Integer, Integer> leaders = new HashMap<>();
        assertThat(assignment).hasSize(partitions);
        assignment.values().forEach(replicas -> {
            assertThat(replicas).hasSize(factor).doesNotHaveDuplicates();
            leaders.merge(replicas.get(0), 1, Integer::sum);
            if (racks > 0) {
                Set<Integer> used = replicas.stream().map(id -> id % racks).collect(Collectors.toSet());
                assertThat(used).hasSize(Math.min(factor, Math.min(racks, count)));
            }
        });
        int most = leaders.values().stream().max(Integer::compare).orElseThrow();
        assertThat(most).isLessThanOrEqualTo((partitions + count - 1) / count);
    }

    /** The example of Kafka's AdminUtils for six brokers on three racks, five brokers on none. */
    @Test
    void assignsAsKafkasOwnExamplesSay() {
        ReplicaAssigner assigner = new ReplicaAssigner(new Random(1));
        assertThat(assigner.extend(brokers(5, 0), 10, 3, 0, 0).values())
                .containsExactly(
                        List.of(0, 1, 2),
                        List.of(1, 2, 3),
                        List.of(2, 3, 4),
                        List.of(3, 4, 0),
                        List.of(4, 0, 1),
                        List.of(0, 2, 3),
                        List.of(1, 3, 4),
                        List.of(2, 4, 0),
                        List.of(3, 0, 1),
                        List.of(4, 1, 2));
        List<BrokerInfo> racked = new ArrayList<>();
        String[] racks = {"rack1", "rack3", "rack3", "rack2", "rack2", "rack1"};
        for (int id = 0; id < 6; id++) {
            racked.add(new BrokerInfo(id, 1, List.of(), Optional.of(racks[id])));
        }
        assertThat(assigner.extend(racked, 7, 3, 0, 0).values())
                .containsExactly(
                        List.of(0, 3, 1),
                        List.of(3, 1, 5),
                        List.of(1, 5, 4),
                        List.of(5, 4, 2),
                        List.of(4, 2, 0),
                        List.of(2, 0, 3),
                        List.of(0, 4, 2));
    }

    private static PartitionEntry partition(ClusterPicture picture, int leader, List<Integer> isr) {
        SortedMap<Integer, ReplicaAssignment> partitions = new TreeMap<>();
        partitions.put(0, ReplicaAssignment.of(List.of(0, 1, 2, 3)));
        PartitionEntry entry = picture.addTopic(new TopicRecord("t", Optional.empty(), partitions, 0))
                .partitions()
                .get(0);
        picture.lead(entry, new LeaderAndIsr(leader, 5, isr, LeaderRecoveryState.RECOVERED, 9), 1);
        return entry;
    }

    private static List<Integer> members(int bits) {
        List<Integer> members = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            if ((bits & 1 << id) != 0) {
                members.add(id);
            }
        }
        return members;
    }

    @Property
    void aCleanElectionTakesALivingMemberOfTheIsrAndNeverEmptiesIt(
            @ForAll @IntRange(min = 1, max = 15) int isrBits,
            @ForAll @IntRange(min = 0, max = 15) int aliveBits,
            @ForAll boolean uncleanAllowed) {
        ClusterPicture picture = new ClusterPicture();
        List<Integer> isr = members(isrBits);
        List<Integer> alive = members(aliveBits);
        brokers(4, 0).stream().filter(b -> alive.contains(b.id())).forEach(picture::register);
        PartitionEntry entry = partition(picture, isr.get(0), isr);
        Set<Integer> gone = new HashSet<>(Set.of(0, 1, 2, 3));
        gone.removeAll(alive);

        Verdict verdict = new ElectionDecider(picture, true).replicasGone(entry, gone, uncleanAllowed);
        LeaderAndIsr after = verdict.isChange() ? verdict.next() : entry.leaderAndIsr();
        boolean cleanPossible = isr.stream().anyMatch(alive::contains);

        assertThat(after.isr()).isNotEmpty();
        assertThat(verdict.unclean()).isEqualTo(!cleanPossible && uncleanAllowed && !alive.isEmpty());
        if (!verdict.unclean()) {
            assertThat(isr).containsAll(after.isr());
        }
        if (cleanPossible) {
            assertThat(alive).containsAll(after.isr()).contains(after.leader());
            assertThat(isr).contains(after.leader());
        } else if (!verdict.unclean()) {
            assertThat(after.leader()).isEqualTo(LeaderAndIsr.NO_LEADER);
        }
        if (!after.equals(entry.leaderAndIsr())) {
            assertThat(after.leaderEpoch()).isEqualTo(6);
            assertThat(after.partitionEpoch()).isEqualTo(9);
        }
    }

    @Property
    void suspicionMovesLeadersWithinTheIsrOnly(
            @ForAll @IntRange(min = 1, max = 15) int isrBits,
            @ForAll @IntRange(min = 0, max = 15) int registeredBits,
            @ForAll @IntRange(min = 0, max = 15) int suspectedBits,
            @ForAll boolean uncleanAllowed) {
        ClusterPicture picture = new ClusterPicture();
        List<Integer> isr = members(isrBits);
        List<Integer> registered = members(registeredBits);
        Set<Integer> away = new HashSet<>(Set.of(0, 1, 2, 3));
        for (BrokerInfo broker : brokers(4, 0)) {
            if (registered.contains(broker.id())) {
                picture.register(broker);
                away.remove(broker.id());
            }
            if (members(suspectedBits).contains(broker.id()) && picture.suspect(broker.incarnation())) {
                away.add(broker.id());
            }
        }
        int leader = isr.get(0);
        PartitionEntry entry = partition(picture, leader, isr);

        Verdict verdict = new ElectionDecider(picture, true).replicasGone(entry, away, uncleanAllowed);
        LeaderAndIsr after = verdict.isChange() ? verdict.next() : entry.leaderAndIsr();

        assertThat(after.isr()).isNotEmpty();
        if (isr.stream().anyMatch(registered::contains)) {
            assertThat(verdict.unclean()).as("somebody in sync may come back").isFalse();
            assertThat(isr).containsAll(after.isr());
        }
        if (after.leader() != leader && after.hasLeader()) {
            assertThat(picture.mayLead(after.leader())).isTrue();
        }
        if (isr.stream().anyMatch(picture::mayLead)) {
            assertThat(picture.mayLead(after.leader())).isTrue();
            assertThat(after.isr()).allMatch(picture::mayLead);
        } else if (picture.isSuspected(leader)) {
            assertThat(after.leader()).as("it may still live").isEqualTo(leader);
        }
    }

    @Property
    void aReassignmentKnowsItsWayBack(
            @ForAll @IntRange(min = 1, max = 15) int fromBits,
            @ForAll @IntRange(min = 1, max = 15) int toBits,
            @ForAll @IntRange(min = 1, max = 15) int insteadBits) {
        ReplicaAssignment start = ReplicaAssignment.of(members(fromBits));
        ReplicaAssignment underWay = ReassignmentDecider.reassign(start, members(toBits));

        assertThat(underWay.targetReplicas()).containsExactlyElementsOf(members(toBits));
        assertThat(underWay.originReplicas()).containsExactlyInAnyOrderElementsOf(members(fromBits));
        assertThat(underWay.removing()).allMatch(replica -> !underWay.adding().contains(replica));

        ReplicaAssignment instead = ReassignmentDecider.reassign(underWay, members(insteadBits));
        assertThat(instead.targetReplicas()).containsExactlyElementsOf(members(insteadBits));
        assertThat(instead.originReplicas()).containsExactlyInAnyOrderElementsOf(members(fromBits));

        ReplicaAssignment back = ReassignmentDecider.reassign(underWay, underWay.originReplicas());
        assertThat(back.isBeingReassigned()).isFalse();
        assertThat(back.replicas()).containsExactlyInAnyOrderElementsOf(members(fromBits));
    }
}
