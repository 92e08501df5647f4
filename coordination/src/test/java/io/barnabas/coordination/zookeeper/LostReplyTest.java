// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import static io.barnabas.coordination.zookeeper.TestEnsemble.broker;
import static io.barnabas.coordination.zookeeper.TestEnsemble.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.FeatureSettings;
import io.barnabas.coordination.store.ProducerIdBlock;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.ControllerFencedException;
import io.barnabas.coordination.zookeeper.client.ZooKeeperConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Writes that happened although their reply was lost are known to have happened, exactly once. */
@Execution(ExecutionMode.CONCURRENT)
class LostReplyTest {
    private TestEnsemble ensemble;
    private ReplyLosingProxy proxy;
    private ZooKeeperCoordinationStore store;
    private ControllerEpoch term;

    @BeforeEach
    void startZooKeeper() throws Exception {
        ensemble = new TestEnsemble();
        proxy = new ReplyLosingProxy(ensemble.server.getPort());
        store = ensemble.open(
                ZooKeeperConfig.of(proxy.connectString()).withTimeouts(TestEnsemble.SESSION_TIMEOUT_MS, 10_000));
    }

    @AfterEach
    void stopZooKeeper() throws Exception {
        ensemble.close();
        proxy.close();
    }

    private void becomeController() {
        term = get(store.election().elect(1)).won().orElseThrow();
    }

    private static TopicRecord topic(int partitions) {
        Map<Integer, ReplicaAssignment> assignment = new TreeMap<>();
        for (int p = 0; p < partitions; p++) {
            assignment.put(p, ReplicaAssignment.of(List.of(1, 2)));
        }
        return new TopicRecord("t", Optional.empty(), new TreeMap<>(assignment), Versions.ANY);
    }

    private static Map<TopicPartition, StoredPartitionState> states(int partitions, int leader, int version) {
        Map<TopicPartition, StoredPartitionState> states = new HashMap<>();
        for (int p = 0; p < partitions; p++) {
            LeaderAndIsr leaderAndIsr = LeaderAndIsr.initial(leader, List.of(1, 2));
            states.put(
                    new TopicPartition("t", p), new StoredPartitionState(leaderAndIsr.withPartitionEpoch(version), 1));
        }
        return states;
    }

    @Test
    void anElectionWonIsWon() {
        proxy.loseReplyTo("brokerid");
        becomeController();
        assertThat(proxy.lost()).isEqualTo(1);
        assertThat(term.epoch()).isEqualTo(1);
        assertThat(get(store.election().currentEpoch())).contains(term);
        get(store.topics().create(topic(1), term.zkVersion()));
    }

    @Test
    void aRegistrationIsOurOwn() throws Exception {
        proxy.loseReplyTo("PLAINTEXT://");
        long epoch = get(store.brokers().register(broker(3)));
        assertThat(proxy.lost()).isEqualTo(1);
        assertThat(epoch)
                .isEqualTo(ensemble.plain().exists("/brokers/ids/3", false).getCzxid());
    }

    @Test
    void partitionStatesCreatedAndUpdatedAreWrittenOnce() {
        becomeController();
        get(store.topics().create(topic(30), term.zkVersion()));
        proxy.loseReplyTo("leader_epoch");
        assertThat(get(store.partitionStates().create(states(30, 1, 0), term.zkVersion()))
                        .values())
                .hasSize(30)
                .containsOnly(StateWrite.written(0));
        assertThat(proxy.lost()).isEqualTo(1);

        proxy.loseReplyTo("\"leader\":2");
        assertThat(get(store.partitionStates().update(states(30, 2, 0), term.zkVersion()))
                        .values())
                .hasSize(30)
                .containsOnly(StateWrite.written(1));
        assertThat(proxy.lost()).isEqualTo(2);
    }

    @Test
    void topicsFeaturesAndConfigurationAreWrittenOnce() {
        becomeController();
        proxy.loseReplyTo("adding_replicas");
        assertThat(get(store.topics().create(topic(1), term.zkVersion())).version())
                .isZero();
        proxy.loseReplyTo("adding_replicas");
        assertThat(get(store.topics().update(topic(2).withVersion(0), term.zkVersion()))
                        .version())
                .isEqualTo(1);
        proxy.loseReplyTo("status");
        FeatureSettings enabled = new FeatureSettings(2, true, Map.of(), Versions.ABSENT);
        assertThat(get(store.features().write(enabled, term.zkVersion())).version())
                .isZero();
        ConfigRecord config = ConfigRecord.ABSENT.withValues(Map.of("k", "v"));
        proxy.loseReplyTo("\"k\"");
        assertThat(get(store.configs().write(ConfigEntity.topic("t"), config)).version())
                .isZero();
        proxy.loseReplyTo("\"k\"");
        assertThat(get(store.configs().write(ConfigEntity.topic("t"), config.withVersion(0)))
                        .version())
                .isEqualTo(1);
        proxy.loseReplyTo("/admin/delete_topics/t");
        get(store.topics().requestDeletion("t", term.zkVersion()));
        proxy.loseReplyTo("/brokers/topics/t");
        get(store.topics().delete("t", term.zkVersion()));
        assertThat(proxy.lost()).isEqualTo(7);
    }

    @Test
    void aProducerIdBlockIsNotSkipped() {
        get(store.producerIds().allocate(1));
        proxy.loseReplyTo("block_start");
        assertThat(get(store.producerIds().allocate(1))).isEqualTo(new ProducerIdBlock(1, 1000, 1999));
        assertThat(proxy.lost()).isEqualTo(1);
    }

    @Test
    void aResignationThatHappenedDoesNotHitTheNextController() {
        becomeController();
        proxy.loseReplyTo("/controller");
        get(store.election().resign(term.zkVersion()));
        assertThat(proxy.lost()).isEqualTo(1);
        ZooKeeperCoordinationStore other = ensemble.open();
        assertThat(get(other.election().elect(2)).won()).isPresent();
        assertThatThrownBy(() -> get(store.election().resign(term.zkVersion())))
                .hasCauseInstanceOf(ControllerFencedException.class);
        assertThat(get(other.election().currentController())).hasValue(2);
    }
}
