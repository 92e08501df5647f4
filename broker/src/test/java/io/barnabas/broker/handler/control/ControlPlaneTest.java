// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.metadata.ClusterImageHolder;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.replica.LogDirResult;
import io.barnabas.replica.ReplicaControl;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ControlPlaneTest {
    private final List<String> done = new ArrayList<>();
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final AtomicLong brokerEpoch = new AtomicLong(10);
    private final Replicas replicas = new Replicas();
    private final ClusterImageHolder images = new ClusterImageHolder();
    private final ControlPlane control =
            new ControlPlane(replicas, images, brokerEpoch::get, epoch -> done.add("roles of " + epoch), loop::add);

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

    /** Notes what it was told to do. */
    private final class Replicas implements ReplicaControl {
        private int newestController;

        @Override
        public LeaderAndIsrCommand.Outcome becomeLeaderOrFollower(LeaderAndIsrCommand command) {
            done.add("lead");
            return new LeaderAndIsrCommand.Outcome(Errors.NONE, Map.of());
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
