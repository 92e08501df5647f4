// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.config.dynamic.TopicConfigSource;
import io.barnabas.broker.metadata.ClusterImageHolder;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.replica.LogDirResult;
import io.barnabas.replica.ReplicaControl;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ControlPlaneTest {
    private final List<String> done = new ArrayList<>();
    private final List<String> led = new ArrayList<>();
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final AtomicLong brokerEpoch = new AtomicLong(10);
    private final Replicas replicas = new Replicas();
    private final ClusterImageHolder images = new ClusterImageHolder();
    private final Topics topics = new Topics();
    private final Timer timer = new Timer();
    private final ControlPlane control = new ControlPlane(
            replicas, images, brokerEpoch::get, epoch -> done.add("roles of " + epoch), loop::add, topics, timer);

    private void run() {
        for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
            next.run();
        }
    }

    private static LeaderAndIsrCommand lead(long epoch) {
        return new LeaderAndIsrCommand(1, 1, epoch, false, List.of(), List.of());
    }

    private static StopReplicaCommand stop(long epoch) {
        return new StopReplicaCommand(1, 1, epoch, List.of());
    }

    private static UpdateMetadataCommand update(int controllerEpoch, long epoch) {
        return new UpdateMetadataCommand(9, controllerEpoch, epoch, List.of(), List.of());
    }

    @Test
    void carriesOrdersOutInTheOrderTheyCameAndNotOnTheCallersThread() {
        CompletableFuture<LeaderAndIsrCommand.Outcome> one = control.apply(lead(10));
        CompletableFuture<Errors> two = control.apply(update(1, 10));
        CompletableFuture<StopReplicaCommand.Outcome> three = control.apply(stop(10));
        assertThat(done).isEmpty();

        run();

        assertThat(done).containsExactly("lead", "roles of 10", "note 1", "metadata", "stop");
        assertThat(one.join().error()).isEqualTo(Errors.NONE);
        assertThat(two.join()).isEqualTo(Errors.NONE);
        assertThat(three.join().error()).isEqualTo(Errors.NONE);
        assertThat(images.image().controllerId()).hasValue(9);
    }

    @Test
    void refusesOrdersForAnEarlierIncarnation() {
        CompletableFuture<LeaderAndIsrCommand.Outcome> one = control.apply(lead(9));
        CompletableFuture<Errors> two = control.apply(update(1, 9));
        CompletableFuture<StopReplicaCommand.Outcome> three = control.apply(stop(9));

        run();

        assertThat(done).isEmpty();
        assertThat(one.join().error()).isEqualTo(Errors.STALE_BROKER_EPOCH);
        assertThat(two.join()).isEqualTo(Errors.STALE_BROKER_EPOCH);
        assertThat(three.join().error()).isEqualTo(Errors.STALE_BROKER_EPOCH);
    }

    @Test
    void believesAControllerThatKnowsNoEpochOrANewerOne() {
        CompletableFuture<LeaderAndIsrCommand.Outcome> unknown = control.apply(lead(-1));
        CompletableFuture<LeaderAndIsrCommand.Outcome> newer = control.apply(lead(11));
        run();
        assertThat(unknown.join().error()).isEqualTo(Errors.NONE);
        assertThat(newer.join().error()).isEqualTo(Errors.NONE);
        assertThat(done).containsExactly("lead", "roles of -1", "lead", "roles of 11");
    }

    @Test
    void doesNotTakeNewsFromAnOldController() {
        replicas.newestController = 5;
        CompletableFuture<Errors> answer = control.apply(update(4, 10));
        run();
        assertThat(answer.join()).isEqualTo(Errors.STALE_CONTROLLER_EPOCH);
        assertThat(images.image().controllerId()).isEmpty();
    }

    // ---- topics whose settings are not known

    private static LeaderAndIsrCommand leadAll(int leaderEpoch, String... names) {
        List<LeaderAndIsrCommand.Partition> orders = new ArrayList<>();
        for (String name : names) {
            orders.add(new LeaderAndIsrCommand.Partition(
                    new TopicPartition(name, 0),
                    Uuid.ZERO_UUID,
                    1,
                    new LeaderAndIsr(1, leaderEpoch, List.of(1), LeaderRecoveryState.RECOVERED, 0),
                    ReplicaAssignment.of(List.of(1)),
                    true));
        }
        return new LeaderAndIsrCommand(1, 1, 10, false, orders, List.of());
    }

    private static Errors outcome(CompletableFuture<LeaderAndIsrCommand.Outcome> answer, String topic) {
        return answer.join().partitionErrors().get(new TopicPartition(topic, 0));
    }

    @Test
    void readsANewTopicsSettingsBeforeItsOrderHasItsTurn() {
        CompletableFuture<LeaderAndIsrCommand.Outcome> answer = control.apply(leadAll(0, "new"));
        run();
        assertThat(done).as("nothing waits on the loop").isEmpty();
        assertThat(answer).isNotDone();

        topics.answer("new");
        run();
        assertThat(outcome(answer, "new")).isEqualTo(Errors.NONE);
        assertThat(led).containsExactly("new-0 in epoch 0");
    }

    @Test
    void otherTopicsGoOnWhileZooKeeperIsAwayAndTheNewOneIsLedAsSoonAsItIsBack() {
        topics.known.add("old");
        CompletableFuture<LeaderAndIsrCommand.Outcome> answer = control.apply(leadAll(0, "old", "new"));
        timer.fire();
        run();

        assertThat(outcome(answer, "old")).isEqualTo(Errors.NONE);
        assertThat(outcome(answer, "new")).isEqualTo(LeaderAndIsrCommand.NOT_YET);
        assertThat(led).containsExactly("old-0 in epoch 0");

        topics.fail(new IllegalStateException("ZooKeeper is away"));
        timer.fire();
        run();
        topics.fail(new IllegalStateException("ZooKeeper is still away"));
        run();
        timer.fire();
        run();
        topics.answer("new");
        run();
        assertThat(led).containsExactly("old-0 in epoch 0", "new-0 in epoch 0");
        assertThat(timer.tasks).as("nothing is tried any more").isEmpty();
    }

    @Test
    void onlyTheLatestOrderOfAPartitionIsTriedAgain() {
        control.apply(leadAll(0, "new"));
        timer.fire();
        run();
        control.apply(leadAll(3, "new"));
        timer.fire();
        run();

        timer.fire();
        run();
        topics.answer("new");
        run();
        assertThat(led).containsExactly("new-0 in epoch 3");
    }

    @Test
    void aReplicaThatWasStoppedMeanwhileIsNotBroughtBack() {
        control.apply(leadAll(0, "new"));
        timer.fire();
        run();
        control.apply(new StopReplicaCommand(
                1, 1, 10, List.of(new StopReplicaCommand.Partition(new TopicPartition("new", 0), -2, true))));
        run();

        timer.fire();
        run();
        topics.answer("new");
        run();
        assertThat(led).isEmpty();
    }

    @Test
    void anOrderOfAFormerRegistrationIsNotTriedAgain() {
        control.apply(leadAll(0, "new"));
        timer.fire();
        run();
        brokerEpoch.set(11);

        timer.fire();
        run();
        topics.answer("new");
        run();
        assertThat(led).isEmpty();
        assertThat(timer.tasks).isEmpty();
    }

    /** Settings that are read when the test says so. */
    private static final class Topics implements TopicConfigSource {
        private final Set<String> known = new HashSet<>();
        private final List<CompletableFuture<Void>> reads = new ArrayList<>();

        @Override
        public boolean isKnown(String topic) {
            return known.contains(topic);
        }

        @Override
        public CompletionStage<Void> read(Collection<String> topics) {
            CompletableFuture<Void> read = new CompletableFuture<>();
            reads.add(read);
            return read;
        }

        void answer(String topic) {
            known.add(topic);
            List.copyOf(reads).forEach(read -> read.complete(null));
        }

        void fail(RuntimeException failure) {
            List.copyOf(reads).forEach(read -> read.completeExceptionally(failure));
        }
    }

    /** A timer whose time has come when the test says so. */
    private static final class Timer extends ScheduledThreadPoolExecutor {
        private final Queue<Runnable> tasks = new ArrayDeque<>();

        Timer() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            tasks.add(task);
            return null;
        }

        void fire() {
            List<Runnable> due = List.copyOf(tasks);
            tasks.clear();
            due.forEach(Runnable::run);
        }
    }

    /** Notes what it was told to do. */
    private final class Replicas implements ReplicaControl {
        private int newestController;

        @Override
        public LeaderAndIsrCommand.Outcome becomeLeaderOrFollower(LeaderAndIsrCommand command) {
            done.add("lead");
            Map<TopicPartition, Errors> outcome = new HashMap<>();
            command.partitions().forEach(order -> {
                boolean known = topics.isKnown(order.topicPartition().topic());
                outcome.put(order.topicPartition(), known ? Errors.NONE : LeaderAndIsrCommand.NOT_YET);
                if (known) {
                    led.add(order.topicPartition() + " in epoch "
                            + order.leaderAndIsr().leaderEpoch());
                }
            });
            return new LeaderAndIsrCommand.Outcome(Errors.NONE, outcome);
        }

        @Override
        public StopReplicaCommand.Outcome stopReplicas(StopReplicaCommand command) {
            done.add("stop");
            return new StopReplicaCommand.Outcome(Errors.NONE, Map.of());
        }

        @Override
        public Errors noteControllerEpoch(int controllerEpoch) {
            done.add("note " + controllerEpoch);
            return controllerEpoch < newestController ? Errors.STALE_CONTROLLER_EPOCH : Errors.NONE;
        }

        @Override
        public void metadataUpdated(Set<TopicPartition> deletedPartitions) {
            done.add("metadata");
        }

        @Override
        public List<LogDirResult> describeLogDirs(Optional<Set<TopicPartition>> partitions) {
            return List.of();
        }

        @Override
        public Map<TopicPartition, Errors> alterReplicaLogDirs(Map<TopicPartition, String> directories) {
            return new HashMap<>();
        }

        @Override
        public void onLogDirFailure(
                Path logDir, Set<TopicPartition> lost, Set<TopicPartition> lostFuture, boolean anyLeft) {}

        @Override
        public void leaving() {}

        @Override
        public void start() {}

        @Override
        public void shutdown() {}
    }
}
