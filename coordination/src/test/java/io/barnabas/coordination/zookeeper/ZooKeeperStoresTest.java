// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import static io.barnabas.coordination.zookeeper.TestEnsemble.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.ConfigChange;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.ElectionOutcome;
import io.barnabas.coordination.store.FeatureSettings;
import io.barnabas.coordination.store.Notification;
import io.barnabas.coordination.store.ProducerIdBlock;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StateWrite.Outcome;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.ControllerFencedException;
import io.barnabas.coordination.store.error.EntryExistsException;
import io.barnabas.coordination.store.error.StoreDataException;
import io.barnabas.coordination.store.error.VersionConflictException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The roles of the store against a real ZooKeeper. */
@Execution(ExecutionMode.CONCURRENT)
class ZooKeeperStoresTest {
    private TestEnsemble ensemble;
    private ZooKeeperCoordinationStore store;

    @BeforeEach
    void startZooKeeper() throws Exception {
        ensemble = new TestEnsemble();
        store = ensemble.open();
    }

    @AfterEach
    void stopZooKeeper() throws Exception {
        ensemble.close();
    }

    private void put(String path, String data) throws Exception {
        ensemble.plain()
                .create(
                        path,
                        data.getBytes(StandardCharsets.UTF_8),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT);
    }

    private ControllerEpoch becomeController() {
        return get(store.election().elect(1)).won().orElseThrow();
    }

    private static BrokerRegistration registration(int id) {
        Endpoint endpoint = new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "localhost", 9092);
        return BrokerRegistration.of(id, List.of(endpoint), Optional.empty());
    }

    private static TopicRecord topic(String name, int partitions) {
        Map<Integer, ReplicaAssignment> assignment = new TreeMap<>();
        for (int p = 0; p < partitions; p++) {
            assignment.put(p, ReplicaAssignment.of(List.of(1, 2, 3)));
        }
        return new TopicRecord(name, Optional.of(Uuid.randomUuid()), new TreeMap<>(assignment), 0);
    }

    private static Map<TopicPartition, StoredPartitionState> states(String topic, int partitions, int controllerEpoch) {
        Map<TopicPartition, StoredPartitionState> states = new HashMap<>();
        for (int p = 0; p < partitions; p++) {
            states.put(
                    new TopicPartition(topic, p),
                    new StoredPartitionState(LeaderAndIsr.initial(1, List.of(1, 2, 3)), controllerEpoch));
        }
        return states;
    }

    @Test
    void exactlyOneOfManyWinsTheRaceAndRaisesTheEpoch() {
        List<ZooKeeperCoordinationStore> racers = new ArrayList<>(List.of(store));
        for (int i = 0; i < 3; i++) {
            racers.add(ensemble.open());
        }
        for (int round = 1; round <= 5; round++) {
            List<CompletableFuture<ElectionOutcome>> race = new ArrayList<>();
            for (int id = 0; id < racers.size(); id++) {
                race.add(racers.get(id).election().elect(id));
            }
            List<Integer> winners = new ArrayList<>();
            for (int id = 0; id < race.size(); id++) {
                if (get(race.get(id)).won().isPresent()) {
                    winners.add(id);
                }
            }
            assertThat(winners).hasSize(1);
            int winner = winners.get(0);
            ControllerEpoch term = get(race.get(winner)).won().orElseThrow();
            assertThat(term.epoch()).isEqualTo(round);
            assertThat(get(store.election().currentController())).isEqualTo(OptionalInt.of(winner));
            assertThat(get(store.election().currentEpoch())).contains(term);
            get(racers.get(winner).election().resign(term.zkVersion()));
        }
    }

    @Test
    void aNodeOfThisSessionMakesWayForANewTermOfTheSameBrokerAndForNobodyElse() {
        ControllerEpoch givenUp = becomeController();
        ZooKeeperCoordinationStore other = ensemble.open();
        assertThat(get(other.election().elect(2)).won()).isEmpty();
        assertThat(get(other.election().elect(1)).won())
                .as("the same id in another session")
                .isEmpty();

        ControllerEpoch term = becomeController();

        assertThat(term.epoch()).isEqualTo(givenUp.epoch() + 1);
        assertThat(get(other.election().currentController())).isEqualTo(OptionalInt.of(1));
        assertThatThrownBy(() -> get(store.election().resign(givenUp.zkVersion())))
                .hasCauseInstanceOf(ControllerFencedException.class);
        get(store.election().resign(term.zkVersion()));
        assertThat(get(other.election().elect(2)).won()).isPresent();
    }

    @Test
    void aDeadControllersTermIsEndedExactly() {
        long brokerEpoch = get(store.brokers().register(registration(1)));
        ControllerEpoch term = becomeController();
        ZooKeeperCoordinationStore other = ensemble.open();

        assertThat(get(other.election().endTermOf(new BrokerIncarnation(1, brokerEpoch + 1))))
                .as("another incarnation")
                .isFalse();
        assertThat(get(other.election().endTermOf(new BrokerIncarnation(2, brokerEpoch))))
                .as("another broker")
                .isFalse();
        assertThat(get(other.election().currentController())).isEqualTo(OptionalInt.of(1));

        assertThat(get(other.election().endTermOf(new BrokerIncarnation(1, brokerEpoch))))
                .isTrue();
        assertThat(get(other.election().endTermOf(new BrokerIncarnation(1, brokerEpoch))))
                .as("once only")
                .isFalse();
        assertThat(get(other.brokers().broker(1))).as("its registration stays").isPresent();
        ControllerEpoch next = get(other.election().elect(2)).won().orElseThrow();
        assertThat(next.epoch()).isEqualTo(term.epoch() + 1);
        assertThat(get(other.election().endTermOf(new BrokerIncarnation(1, brokerEpoch))))
                .as("another is in office")
                .isFalse();
        assertThat(get(other.election().currentController())).isEqualTo(OptionalInt.of(2));
    }

    @Test
    void aControllerOfAnotherSessionThanTheRegistrationsKeepsItsTerm() {
        long brokerEpoch = get(store.brokers().register(registration(1)));
        ZooKeeperCoordinationStore other = ensemble.open();
        assertThat(get(other.election().elect(1)).won()).isPresent();

        assertThat(get(other.election().endTermOf(new BrokerIncarnation(1, brokerEpoch))))
                .isFalse();
    }

    @Test
    void anOldControllersEveryWriteIsRefused() {
        ControllerEpoch old = becomeController();
        get(store.topics().create(topic("t", 2), old.zkVersion()));
        get(store.partitionStates().create(states("t", 2, old.epoch()), old.zkVersion()));
        get(store.election().resign(old.zkVersion()));
        ZooKeeperCoordinationStore other = ensemble.open();
        assertThat(get(other.election().elect(2)).won()).isPresent();

        assertThat(get(store.partitionStates().update(states("t", 2, old.epoch()), old.zkVersion()))
                        .values())
                .extracting(StateWrite::outcome)
                .containsOnly(Outcome.FENCED);
        assertThat(get(store.partitionStates().create(states("t", 3, old.epoch()), old.zkVersion()))
                        .values())
                .extracting(StateWrite::outcome)
                .containsOnly(Outcome.FENCED);
        List<CompletableFuture<?>> refused = List.of(
                store.topics().create(topic("u", 1), old.zkVersion()),
                store.topics().update(topic("t", 1), old.zkVersion()),
                store.topics().delete("t", old.zkVersion()),
                store.topics().requestDeletion("t", old.zkVersion()),
                store.features().write(FeatureSettings.ABSENT, old.zkVersion()),
                store.configs().delete(ConfigEntity.topic("t"), old.zkVersion()),
                store.adminPaths().removePreferredElection(old.zkVersion()),
                store.election().resign(old.zkVersion()));
        for (CompletableFuture<?> each : refused) {
            assertThatThrownBy(() -> get(each)).hasCauseInstanceOf(ControllerFencedException.class);
        }
        assertThat(get(other.election().currentController())).isEqualTo(OptionalInt.of(2));
    }

    @Test
    void writesTwoThousandPartitionsInBulk() {
        ControllerEpoch term = becomeController();
        int count = 2_000;
        get(store.topics().create(topic("big", count), term.zkVersion()));
        Map<TopicPartition, StoredPartitionState> first = states("big", count, term.epoch());

        long start = System.nanoTime();
        Map<TopicPartition, StateWrite> created = get(store.partitionStates().create(first, term.zkVersion()));
        long createdAt = System.nanoTime();
        Map<TopicPartition, StoredPartitionState> read =
                get(store.partitionStates().read(first.keySet()));
        long readAt = System.nanoTime();
        Map<TopicPartition, StoredPartitionState> next = new HashMap<>();
        read.forEach((partition, state) -> next.put(
                partition,
                new StoredPartitionState(state.leaderAndIsr().newLeaderAndIsr(2, List.of(2, 3)), term.epoch())));
        Map<TopicPartition, StateWrite> updated = get(store.partitionStates().update(next, term.zkVersion()));
        long updatedAt = System.nanoTime();
        get(store.topics().delete("big", term.zkVersion()));
        long deletedAt = System.nanoTime();
        System.out.printf(
                "2000 partitions: create %d ms, read %d ms, update %d ms, delete %d ms%n",
                (createdAt - start) / 1_000_000,
                (readAt - createdAt) / 1_000_000,
                (updatedAt - readAt) / 1_000_000,
                (deletedAt - updatedAt) / 1_000_000);

        assertThat(created).hasSize(count);
        assertThat(created.values()).containsOnly(StateWrite.written(0));
        assertThat(read).isEqualTo(first);
        assertThat(updated).hasSize(count);
        assertThat(updated.values()).containsOnly(StateWrite.written(1));
        assertThat(get(store.topics().names())).isEmpty();
    }

    @Test
    void eachPartitionOfABatchHasItsOwnOutcome() throws Exception {
        ControllerEpoch term = becomeController();
        get(store.topics().create(topic("t", 4), term.zkVersion()));
        get(store.partitionStates().create(states("t", 3, 1), term.zkVersion()));
        ensemble.plain().setData("/brokers/topics/t/partitions/1/state", new byte[0], -1);

        Map<TopicPartition, StateWrite> updated =
                get(store.partitionStates().update(states("t", 4, 1), term.zkVersion()));
        assertThat(updated.get(new TopicPartition("t", 0))).isEqualTo(StateWrite.written(1));
        assertThat(updated.get(new TopicPartition("t", 1)).outcome()).isEqualTo(Outcome.CONFLICT);
        assertThat(updated.get(new TopicPartition("t", 2))).isEqualTo(StateWrite.written(1));
        assertThat(updated.get(new TopicPartition("t", 3)).outcome()).isEqualTo(Outcome.MISSING);

        Map<TopicPartition, StateWrite> created =
                get(store.partitionStates().create(states("t", 4, 1), term.zkVersion()));
        assertThat(created.get(new TopicPartition("t", 0)).outcome()).isEqualTo(Outcome.CONFLICT);
        assertThat(created.get(new TopicPartition("t", 3))).isEqualTo(StateWrite.written(0));
        assertThat(get(store.partitionStates().create(states("gone", 2, 1), term.zkVersion()))
                        .values())
                .extracting(StateWrite::outcome)
                .containsOnly(Outcome.MISSING);
    }

    @Test
    void topicsAreWrittenConditionally() {
        ControllerEpoch term = becomeController();
        TopicRecord created = get(store.topics().create(topic("t", 1), term.zkVersion()));
        assertThat(get(store.topics().read(Set.of("t", "missing")))).isEqualTo(Map.of("t", created));
        assertThatThrownBy(() -> get(store.topics().create(topic("t", 1), term.zkVersion())))
                .hasCauseInstanceOf(EntryExistsException.class);

        TopicRecord grown =
                get(store.topics().update(created.withPartitions(topic("t", 3).partitions()), term.zkVersion()));
        assertThat(grown.version()).isEqualTo(1);
        assertThatThrownBy(() -> get(store.topics().update(created, term.zkVersion())))
                .hasCauseInstanceOf(VersionConflictException.class);
        assertThat(get(store.topics().read(Set.of("t")))).isEqualTo(Map.of("t", grown));
    }

    @Test
    void deletionsAreRequestedAndRemoved() {
        ControllerEpoch term = becomeController();
        get(store.topics().create(topic("t", 2), term.zkVersion()));
        get(store.partitionStates().create(states("t", 2, 1), term.zkVersion()));
        get(store.topics().requestDeletion("t", term.zkVersion()));
        assertThatThrownBy(() -> get(store.topics().requestDeletion("t", term.zkVersion())))
                .hasCauseInstanceOf(EntryExistsException.class);
        assertThat(get(store.topics().deletions())).containsExactly("t");
        get(store.topics().delete("t", term.zkVersion()));
        get(store.topics().delete("t", term.zkVersion()));
        get(store.topics().removeDeletions(Set.of("t", "never"), term.zkVersion()));
        assertThat(get(store.topics().names())).isEmpty();
        assertThat(get(store.topics().deletions())).isEmpty();
    }

    @Test
    void configurationIsWrittenConditionallyAndKeepsWhatItDoesNotKnow() throws Exception {
        ConfigEntity client = new ConfigEntity("users/alice/clients/c1");
        ConfigRecord created =
                get(store.configs().write(client, ConfigRecord.ABSENT.withValues(Map.of("consumer_byte_rate", "1"))));
        assertThat(created.version()).isZero();
        assertThat(get(store.configs().read(client))).isEqualTo(created);
        assertThatThrownBy(() -> get(store.configs().write(client, ConfigRecord.ABSENT)))
                .hasCauseInstanceOf(VersionConflictException.class);
        assertThatThrownBy(() -> get(store.configs().write(client, created.withVersion(5))))
                .hasCauseInstanceOf(VersionConflictException.class);

        put("/config/topics/t", "{\"version\":1,\"config\":{\"a\":\"1\"},\"more\":true}");
        ConfigEntity topic = ConfigEntity.topic("t");
        ConfigRecord replaced = get(store.configs()
                .write(topic, ConfigRecord.ABSENT.withValues(Map.of("b", "2")).withVersion(Versions.ANY)));
        assertThat(replaced.otherFields()).isEqualTo(Map.of("more", true));
        assertThat(get(store.configs().read(topic))).isEqualTo(replaced);
        assertThat(get(store.configs().names("topics"))).containsExactly("t");
        assertThat(get(store.configs().names("users/alice/clients"))).containsExactly("c1");
        assertThat(get(store.configs().read(List.of(topic, ConfigEntity.broker(9)))))
                .isEqualTo(Map.of(topic, replaced, ConfigEntity.broker(9), ConfigRecord.ABSENT));
        get(store.configs().delete(topic, Versions.ANY));
        get(store.configs().delete(topic, Versions.ANY));
        assertThat(get(store.configs().read(topic)).exists()).isFalse();
    }

    @Test
    void configurationChangesAreNumberedReadInOrderAndPurged() throws Exception {
        get(store.configs().announce(ConfigEntity.topic("a")));
        put("/config/changes/config_change_0000000001", "nonsense");
        get(store.configs().announce(ConfigEntity.allBrokers()));
        List<ConfigChange> all = get(store.configs().changes(-1));
        assertThat(all)
                .extracting(ConfigChange::entity)
                .containsExactly(ConfigEntity.topic("a"), ConfigEntity.allBrokers());
        assertThat(get(store.configs().changes(all.get(0).sequence()))).containsExactly(all.get(1));
        get(store.configs().purgeChanges(Duration.ofMinutes(15)));
        assertThat(get(store.configs().changes(-1))).isEqualTo(all);
        get(store.configs().purgeChanges(Duration.ofSeconds(-5)));
        assertThat(ensemble.plain().getChildren("/config/changes", false)).isEmpty();
    }

    @Test
    void featuresAreCreatedThenReplaced() {
        ControllerEpoch term = becomeController();
        assertThat(get(store.features().read())).isEqualTo(FeatureSettings.ABSENT);
        FeatureSettings enabled = new FeatureSettings(2, true, Map.of(), Versions.ABSENT);
        FeatureSettings created = get(store.features().write(enabled, term.zkVersion()));
        assertThat(get(store.features().read())).isEqualTo(created);
        get(store.features().write(new FeatureSettings(1, false, Map.of(), created.version()), term.zkVersion()));
        assertThat(get(store.features().read()).version()).isEqualTo(1);
        assertThatThrownBy(() -> get(store.features().write(created, term.zkVersion())))
                .hasCauseInstanceOf(VersionConflictException.class);
    }

    @Test
    void producerIdBlocksNeverOverlap() {
        ZooKeeperCoordinationStore other = ensemble.open();
        List<CompletableFuture<ProducerIdBlock>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add((i % 2 == 0 ? store : other).producerIds().allocate(i % 2));
        }
        Set<Long> firstIds = new HashSet<>();
        asked.forEach(each -> firstIds.add(get(each).firstId()));
        assertThat(firstIds).hasSize(20);
        assertThat(get(store.producerIds().latest()).orElseThrow().lastId()).isEqualTo(19_999);
    }

    @Test
    void readsWhatToolsAskForAndCleansUp() throws Exception {
        ControllerEpoch term = becomeController();
        TopicPartition partition = new TopicPartition("a", 1);
        assertThat(get(store.adminPaths().preferredElection())).isEmpty();
        put("/admin/preferred_replica_election", "{\"version\":1,\"partitions\":[{\"topic\":\"a\",\"partition\":1}]}");
        assertThat(get(store.adminPaths().preferredElection())).contains(Set.of(partition));
        get(store.adminPaths().removePreferredElection(term.zkVersion()));
        get(store.adminPaths().removePreferredElection(term.zkVersion()));
        assertThat(get(store.adminPaths().preferredElection())).isEmpty();

        put(
                "/admin/reassign_partitions",
                "{\"version\":1,\"partitions\":[{\"topic\":\"a\",\"partition\":1,\"replicas\":[3]},"
                        + "{\"topic\":\"b\",\"partition\":0,\"replicas\":[1]}]}");
        assertThat(get(store.adminPaths().legacyReassignment()).orElseThrow()).hasSize(2);
        get(store.adminPaths().replaceLegacyReassignment(Map.of(partition, List.of(3)), term.zkVersion()));
        assertThat(get(store.adminPaths().legacyReassignment())).contains(Map.of(partition, List.of(3)));
        get(store.adminPaths().replaceLegacyReassignment(Map.of(), term.zkVersion()));
        assertThat(get(store.adminPaths().legacyReassignment())).isEmpty();
        put("/admin/reassign_partitions", "zombie");
        assertThatThrownBy(() -> get(store.adminPaths().legacyReassignment()))
                .hasCauseInstanceOf(StoreDataException.class);
    }

    @Test
    void notesForTheControllerAreReadAndRemoved() throws Exception {
        ControllerEpoch term = becomeController();
        TopicPartition partition = new TopicPartition("a", 1);
        get(store.adminPaths().announceIsrChange(Set.of(partition)));
        put("/isr_change_notification/isr_change_0000000001", "nonsense");
        List<Notification<Set<TopicPartition>>> notes = get(store.adminPaths().isrChanges());
        assertThat(notes).extracting(Notification::content).containsExactly(Set.of(partition), Set.of());
        List<String> names =
                new ArrayList<>(notes.stream().map(Notification::name).toList());
        names.add("isr_change_0000000099");
        get(store.adminPaths().removeIsrChanges(names, term.zkVersion()));
        assertThat(get(store.adminPaths().isrChanges())).isEmpty();

        get(store.adminPaths().announceLogDirFailure(3));
        List<Notification<OptionalInt>> failures = get(store.adminPaths().logDirFailures());
        assertThat(failures).extracting(Notification::content).containsExactly(OptionalInt.of(3));
        get(store.adminPaths().removeLogDirFailures(List.of(failures.get(0).name()), term.zkVersion()));
        assertThat(get(store.adminPaths().logDirFailures())).isEmpty();
    }
}
