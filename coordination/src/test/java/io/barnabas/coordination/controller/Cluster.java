// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.controller.loop.ControllerLoop;
import io.barnabas.coordination.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Brokers' controllers over one store in memory, all on the test's thread. */
final class Cluster {
    final List<Event> events = new ArrayList<>();
    final Transcript transcript = new Transcript();
    final MemoryStore store = new MemoryStore(transcript::add);
    final RecordingSender sender = new RecordingSender(transcript);
    final ManualExecutor executor = new ManualExecutor();
    final Map<Integer, ControllerLoop> controllers = new HashMap<>();
    final Map<Integer, MemoryStore.Session> sessions = new HashMap<>();
    private UnaryOperator<ControllerConfig> configure = UnaryOperator.identity();

    Cluster configured(UnaryOperator<ControllerConfig> change) {
        configure = change;
        return this;
    }

    /** Starts brokers; the first to be elected is the first named. */
    Cluster start(int... ids) {
        for (int id : ids) {
            store.startBroker(id, Optional.empty());
        }
        for (int id : ids) {
            join(id);
        }
        return this;
    }

    void join(int id) {
        MemoryStore.Session session = store.session();
        ControllerLoop loop = new ControllerLoop(
                configure.apply(ControllerConfig.defaults(id)),
                session,
                new ControllerPorts(
                        sender,
                        new Rules(),
                        new Random(7),
                        Uuid::randomUuid,
                        executor,
                        events::add,
                        new KnownController()));
        sessions.put(id, session);
        controllers.put(id, loop);
        loop.start();
        executor.runAll();
    }

    /** The process of a broker dies: nothing of it runs any more, its session's ephemerals go. */
    void kill(int id) {
        sender.hanging.remove(id);
        sessions.get(id).close();
        boolean wasController = store.controller().orElse(-1) == id;
        controllers.remove(id).stop();
        store.killBroker(id);
        if (wasController) {
            store.dropController();
        }
        executor.runAll();
    }

    ControllerLoop active() {
        return controllers.get(store.controller().orElseThrow());
    }

    TopicCreation create(String topic, Map<Integer, List<Integer>> assignment) {
        NewTopic wanted = new NewTopic(topic, -1, (short) -1, assignment, Map.of());
        return run(active().createTopics(List.of(wanted), false).get(topic));
    }

    <T> T run(CompletableFuture<T> future) {
        executor.runAll();
        assertThat(future).as("answered").isDone();
        return future.join();
    }

    IsrDecision.Partition alterIsr(String topic, int partition, List<Integer> isr) {
        List<IsrProposal.Member> members = new ArrayList<>();
        isr.forEach(id -> members.add(new IsrProposal.Member(id, -1)));
        return alterIsrMembers(topic, partition, members);
    }

    IsrDecision.Partition alterIsrMembers(String topic, int partition, List<IsrProposal.Member> members) {
        var now =
                store.state(new TopicPartition(topic, partition)).orElseThrow().leaderAndIsr();
        IsrProposal.Partition change = new IsrProposal.Partition(
                topic,
                store.topic(topic).orElseThrow().id().orElseThrow(),
                partition,
                now.leaderEpoch(),
                members,
                now.recoveryState(),
                now.partitionEpoch());
        IsrProposal proposal = new IsrProposal(now.leader(), store.brokerEpoch(now.leader()), true, List.of(change));
        return run(active().alterPartition(proposal)).partitions().get(0);
    }

    /** Rules without defaults to surprise a test. */
    static final class Rules implements TopicRules {
        @Override
        public boolean uncleanElectionByDefault() {
            return false;
        }

        @Override
        public int defaultPartitions() {
            return 1;
        }

        @Override
        public short defaultReplicationFactor() {
            return 1;
        }

        @Override
        public Refusal validate(Map<String, String> configs) {
            return Refusal.NONE;
        }

        @Override
        public Refusal askCreatePolicy(NewTopic topic, Optional<Map<Integer, List<Integer>>> chosen) {
            return Refusal.NONE;
        }
    }
}
