// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.store.AdminPaths;
import io.barnabas.coordination.store.PartitionStateStore;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.replica.partition.IsrProposals.Answer;
import io.barnabas.replica.partition.IsrProposals.Proposal;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreIsrProposalsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final LeaderAndIsr STATE = new LeaderAndIsr(1, 2, List.of(1, 2), LeaderRecoveryState.RECOVERED, 5);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Queue<StateWrite> outcomes = new ArrayDeque<>();
    private final List<Object> announced = new CopyOnWriteArrayList<>();
    private final StoreIsrProposals proposals =
            new StoreIsrProposals(new Store(), notes(), () -> ClusterImage.EMPTY, timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private AdminPaths notes() {
        return (AdminPaths) Proxy.newProxyInstance(
                AdminPaths.class.getClassLoader(), new Class<?>[] {AdminPaths.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("announceIsrChange");
                    announced.add(arguments[0]);
                    return CompletableFuture.completedFuture(null);
                });
    }

    private Answer propose() {
        return proposals
                .propose(new Proposal(PARTITION, Uuid.ZERO_UUID, STATE, List.of()))
                .join();
    }

    @Test
    void writesAndTellsTheControllerLater() {
        outcomes.add(StateWrite.written(6));

        assertThat(propose()).isEqualTo(Answer.committed(STATE.withPartitionEpoch(6)));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(announced).containsExactly(Set.of(PARTITION)));
    }

    @Test
    void saysThatAnotherWasFaster() {
        outcomes.add(StateWrite.failed(StateWrite.Outcome.CONFLICT));
        assertThat(propose()).isEqualTo(Answer.refused(Errors.INVALID_UPDATE_VERSION));
    }

    @Test
    void repeatsAWriteWhoseOutcomeIsUnknown() {
        outcomes.add(StateWrite.failed(StateWrite.Outcome.UNKNOWN));
        outcomes.add(StateWrite.written(6));
        assertThat(propose().error()).isEqualTo(Errors.NONE);
    }

    /** Answers with the outcomes in turn. */
    private final class Store implements PartitionStateStore {
        @Override
        public CompletableFuture<Map<TopicPartition, StoredPartitionState>> read(
                Collection<TopicPartition> partitions) {
            return CompletableFuture.completedFuture(Map.of());
        }

        @Override
        public CompletableFuture<Map<TopicPartition, StateWrite>> create(
                Map<TopicPartition, StoredPartitionState> states, int controllerEpochZkVersion) {
            return CompletableFuture.completedFuture(Map.of());
        }

        @Override
        public CompletableFuture<Map<TopicPartition, StateWrite>> update(
                Map<TopicPartition, StoredPartitionState> states, int controllerEpochZkVersion) {
            return CompletableFuture.completedFuture(Map.of(PARTITION, outcomes.remove()));
        }
    }
}
