// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.event.EventSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ReplicaFetcherManagerTest {
    private final ManualTime time = new ManualTime();
    private final Map<String, FakeLeader> leaders = new LinkedHashMap<>();
    private final ReplicaFetcherManager manager = new ReplicaFetcherManager(
            (leader, fetcherId) -> {
                FakeLeader opened = new FakeLeader(true);
                leaders.put(leader.brokerId() + "/" + fetcherId, opened);
                return opened;
            },
            new FetcherConfig(1, 1000L, 2, 500),
            new FetcherEnvironment(time, time, Runnable::run, ReplicationQuota.UNLIMITED, EventSink.NONE));

    private static FetchAssignment assignment(int partition, int leader, int epoch) {
        MemoryLog log =
                new MemoryLog(new TopicPartition("t", partition)).with(0, 1).inEpoch(epoch);
        return new FetchAssignment(new Uuid(1, 1), new LeaderAddress(leader, "host" + leader, 9092), epoch, log, 0);
    }

    private void settle() {
        List.copyOf(leaders.values()).forEach(FakeLeader::settle);
    }

    private List<Integer> fetchedFrom(String fetcher) {
        List<Integer> partitions = new ArrayList<>();
        for (FetchPlan plan : leaders.get(fetcher).plans) {
            plan.partitions().forEach(p -> partitions.add(p.topicPartition().partition()));
        }
        return partitions;
    }

    @Test
    void fetchesFromEachLeaderWhatItLeads() {
        manager.add(List.of(assignment(0, 1, 1), assignment(1, 2, 1), assignment(2, 1, 1)));
        settle();

        assertThat(fetchedFrom("1/0")).containsExactlyInAnyOrder(0, 2);
        assertThat(fetchedFrom("2/0")).containsExactly(1);
    }

    @Test
    void handsAPartitionToItsNewLeaderOnlyWhenTheFormerFetcherLetGo() {
        FetchAssignment before = assignment(0, 1, 1);
        manager.add(List.of(before));
        settle();

        manager.add(List.of(
                new FetchAssignment(before.topicId(), new LeaderAddress(2, "host2", 9092), 2, before.log(), 0)));
        assertThat(leaders).doesNotContainKey("2/0");
        settle();
        settle();

        assertThat(fetchedFrom("2/0")).containsExactly(0);
    }

    @Test
    void doesNotHandOverAPartitionRemovedInTheMeantime() {
        FetchAssignment before = assignment(0, 1, 1);
        manager.add(List.of(before));
        settle();
        manager.add(List.of(
                new FetchAssignment(before.topicId(), new LeaderAddress(2, "host2", 9092), 2, before.log(), 0)));
        CompletableFuture<Void> removed = manager.remove(List.of(before.topicPartition()));
        settle();

        assertThat(removed).isCompleted();
        assertThat(leaders).doesNotContainKey("2/0");
    }

    @Test
    void spreadsPartitionsAsKafkaDoesAndMovesThemWhenResized() {
        List<FetchAssignment> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(assignment(i, 1, 1));
        }
        manager.add(all);
        settle();

        manager.resize(3);
        settle();
        settle();

        for (FetchAssignment one : all) {
            int fetcher = ReplicaFetcherManager.fetcherId(one.topicPartition(), 3);
            assertThat(fetchedFrom("1/" + fetcher))
                    .contains(one.topicPartition().partition());
        }
        assertThat(ReplicaFetcherManager.fetcherId(new TopicPartition("t", 4), 3))
                .isEqualTo((31 * "t".hashCode() + 4) % 3);
    }

    @Test
    void waitsForAnAssignmentsTimeOnceAndNotAgainWithOtherFetchers() {
        FetchAssignment now = assignment(0, 1, 1);
        FetchAssignment later = new FetchAssignment(
                now.topicId(), now.leader(), 1, now.log(), time.instant().toEpochMilli() + 100);
        manager.add(List.of(later));
        settle();
        assertThat(fetchedFrom("1/0")).isEmpty();

        time.advance(100);
        settle();
        assertThat(fetchedFrom("1/0")).containsExactly(0);

        String another = "1/" + ReplicaFetcherManager.fetcherId(later.topicPartition(), 3);
        assertThat(another).isNotEqualTo("1/0");
        manager.resize(3);
        settle();
        settle();
        assertThat(fetchedFrom(another)).containsExactly(0);
    }

    @Test
    void countsParkedPartitionsUntilANewOrderOrTheirRemoval() {
        FetchAssignment broken = assignment(0, 1, 1);
        manager.add(List.of(broken));
        settle();
        FakeLeader leader = leaders.get("1/0");
        leader.leads(new MemoryLog(broken.topicPartition()).with(0, 1), 5); // fences epoch 1
        leader.answer();
        assertThat(manager.failedPartitions()).isEqualTo(1);

        manager.remove(List.of(broken.topicPartition()));

        assertThat(manager.failedPartitions()).isZero();
    }

    @Test
    void closesFetchersThatHaveNothingLeft() {
        FetchAssignment only = assignment(0, 1, 1);
        manager.add(List.of(only, assignment(1, 2, 1)));
        settle();
        manager.remove(List.of(only.topicPartition()));

        manager.shutdownIdle();
        settle();

        assertThat(leaders.get("1/0").closed).isTrue();
        assertThat(leaders.get("2/0").closed).isFalse();
    }
}
