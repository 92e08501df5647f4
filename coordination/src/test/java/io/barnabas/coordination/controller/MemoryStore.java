// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.store.AdminPaths;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.BrokerRegistry;
import io.barnabas.coordination.store.ClusterIdStore;
import io.barnabas.coordination.store.ConfigChange;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.coordination.store.ControllerElection;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.ElectionOutcome;
import io.barnabas.coordination.store.FeatureSettings;
import io.barnabas.coordination.store.FeatureStore;
import io.barnabas.coordination.store.LegacyOffsetStore;
import io.barnabas.coordination.store.Notification;
import io.barnabas.coordination.store.PartitionStateStore;
import io.barnabas.coordination.store.ProducerIdBlock;
import io.barnabas.coordination.store.ProducerIdStore;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.TopicStore;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.ControllerFencedException;
import io.barnabas.coordination.store.error.EntryExistsException;
import io.barnabas.coordination.store.error.EntryMissingException;
import io.barnabas.coordination.store.error.SessionLostException;
import io.barnabas.coordination.store.error.VersionConflictException;
import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.hint.ChangeListener;
import io.barnabas.coordination.store.session.CoordinationSession;
import io.barnabas.coordination.store.session.SessionEvent;
import io.barnabas.coordination.store.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** A coordination store in memory, shared by all brokers of a scenario; conditional as the real one. Tells what is written. */
final class MemoryStore {
    private final Consumer<String> transcript;
    private final SortedMap<Integer, BrokerInfo> brokers = new TreeMap<>();
    private final TreeMap<String, TopicRecord> topics = new TreeMap<>();
    private final SortedMap<String, StoredPartitionState> states = new TreeMap<>();
    private final Map<ConfigEntity, ConfigRecord> configs = new LinkedHashMap<>();
    private final SortedSet<String> deletions = new TreeSet<>();
    private final List<Session> sessions = new ArrayList<>();
    final SortedMap<String, Set<TopicPartition>> isrChanges = new TreeMap<>();
    final SortedMap<String, Integer> logDirFailures = new TreeMap<>();
    Optional<Map<TopicPartition, List<Integer>>> legacyReassignment = Optional.empty();
    Optional<Set<TopicPartition>> preferredElection = Optional.empty();
    private FeatureSettings features = FeatureSettings.ABSENT;
    private OptionalInt controller = OptionalInt.empty();
    private Session controllerSession;
    private Optional<ControllerEpoch> epoch = Optional.empty();
    private long zxid = 100;
    private long nextProducerId;

    MemoryStore(Consumer<String> transcript) {
        this.transcript = transcript;
    }

    // ---- what happens outside of the controller

    void startBroker(int id, Optional<String> rack) {
        Endpoint endpoint = new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "h" + id, 9092);
        brokers.put(id, new BrokerInfo(id, zxid++, List.of(endpoint), rack));
        hint(ChangeHint.any(ChangeHint.Kind.BROKERS));
    }

    void killBroker(int id) {
        brokers.remove(id);
        hint(ChangeHint.any(ChangeHint.Kind.BROKERS));
    }

    boolean isRegistered(int id) {
        return brokers.containsKey(id);
    }

    long brokerEpoch(int id) {
        return brokers.get(id).epoch();
    }

    /** The session that holds {@code /controller} ends without a word to its owner's process. */
    void dropController() {
        controller = OptionalInt.empty();
        hint(ChangeHint.any(ChangeHint.Kind.CONTROLLER));
    }

    /** A tool writes {@code /admin/reassign_partitions}. */
    void askReassignment(Map<TopicPartition, List<Integer>> wanted) {
        legacyReassignment = Optional.of(wanted);
        hint(ChangeHint.any(ChangeHint.Kind.LEGACY_REASSIGNMENT));
    }

    boolean isMarkedForDeletion(String topic) {
        return deletions.contains(topic);
    }

    void config(String topic, String key, String value) {
        configs.put(ConfigEntity.topic(topic), new ConfigRecord(Map.of(key, value), Map.of(), 0));
    }

    /** Somebody removed the znode by hand. */
    void loseState(TopicPartition id) {
        states.remove(id.toString());
    }

    /** A leader of an old protocol version writes its ISR itself. */
    void writeIsr(TopicPartition id, List<Integer> isr) {
        StoredPartitionState state = states.get(id.toString());
        LeaderAndIsr now = state.leaderAndIsr();
        states.put(
                id.toString(),
                new StoredPartitionState(
                        now.withIsr(isr).withPartitionEpoch(now.partitionEpoch() + 1), state.controllerEpoch()));
    }

    Optional<StoredPartitionState> state(TopicPartition id) {
        return Optional.ofNullable(states.get(id.toString()));
    }

    Optional<TopicRecord> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    OptionalInt controller() {
        return controller;
    }

    void hint(ChangeHint hint) {
        sessions.forEach(session -> session.hint(hint));
    }

    /** The store as one broker's session sees it. */
    Session session() {
        Session session = new Session();
        sessions.add(session);
        return session;
    }

    private boolean fenced(int zkVersion) {
        return zkVersion != Versions.ANY
                && zkVersion != epoch.map(ControllerEpoch::zkVersion).orElse(-3);
    }

    private <T> CompletableFuture<T> write(int zkVersion, Supplier<T> action) {
        if (fenced(zkVersion)) {
            return CompletableFuture.failedFuture(new ControllerFencedException("fenced"));
        }
        try {
            return CompletableFuture.completedFuture(action.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <T> CompletableFuture<T> now(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static TopicPartition id(String name) {
        int dash = name.lastIndexOf('-');
        return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
    }

    /** One broker's door. */
    final class Session implements CoordinationStore, CoordinationSession, ControllerElection, ChangeHints {
        private final List<SessionListener> listeners = new ArrayList<>();
        private final Map<ChangeListener, Set<ChangeHint.Kind>> watchers = new LinkedHashMap<>();
        private boolean closed;

        void hint(ChangeHint hint) {
            List.copyOf(watchers.entrySet()).forEach(watcher -> {
                if (watcher.getValue().contains(hint.kind())) {
                    watcher.getKey().onChange(Set.of(hint));
                }
            });
        }

        /** Watches of this session fire no more, as those of a process that stands still. */
        void deafen() {
            watchers.clear();
        }

        /** This session ends: its ephemerals go, its owner hears of it. */
        void expire(int brokerId) {
            brokers.remove(brokerId);
            tell(SessionEvent.Kind.LOST);
            MemoryStore.this.hint(ChangeHint.any(ChangeHint.Kind.BROKERS));
            if (this == controllerSession) {
                dropController();
            }
        }

        /** The owner hears only now that a session ended and this one began, in which it may have done much already. */
        void hearLate() {
            tell(SessionEvent.Kind.LOST);
            tell(SessionEvent.Kind.NEW_SESSION);
        }

        private void tell(SessionEvent.Kind kind) {
            listeners.forEach(l -> l.onSessionEvent(new SessionEvent(kind, 1)));
        }

        @Override
        public CoordinationSession session() {
            return this;
        }

        @Override
        public ClusterIdStore clusterIds() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FeatureStore features() {
            return new Features();
        }

        @Override
        public BrokerRegistry brokers() {
            return new Brokers();
        }

        @Override
        public ControllerElection election() {
            return this;
        }

        @Override
        public TopicStore topics() {
            return new Topics();
        }

        @Override
        public PartitionStateStore partitionStates() {
            return new States();
        }

        @Override
        public ConfigStore configs() {
            return new Configs();
        }

        @Override
        public AdminPaths adminPaths() {
            return new Admin();
        }

        @Override
        public LegacyOffsetStore legacyOffsets() {
            throw new AssertionError("the controller keeps no offsets");
        }

        @Override
        public ProducerIdStore producerIds() {
            return new Producers();
        }

        @Override
        public ChangeHints hints() {
            return this;
        }

        @Override
        public void close() {
            closed = true;
            watchers.clear();
            sessions.remove(this);
        }

        @Override
        public State state() {
            return State.CONNECTED;
        }

        @Override
        public long sessionEpoch() {
            return 1;
        }

        @Override
        public long lastContactNanos() {
            return 0;
        }

        @Override
        public int sessionTimeoutMs() {
            return 6000;
        }

        @Override
        public CompletableFuture<Void> connected() {
            return now(null);
        }

        @Override
        public CompletableFuture<Void> initialize() {
            return now(null);
        }

        @Override
        public void addListener(SessionListener listener) {
            listeners.add(listener);
        }

        @Override
        public Subscription subscribe(Set<ChangeHint.Kind> kinds, ChangeListener listener) {
            watchers.put(listener, EnumSet.copyOf(kinds));
            kinds.forEach(kind -> listener.onChange(Set.of(ChangeHint.any(kind))));
            return () -> watchers.remove(listener);
        }

        @Override
        public CompletableFuture<OptionalInt> currentController() {
            return now(controller);
        }

        @Override
        public CompletableFuture<Optional<ControllerEpoch>> currentEpoch() {
            return now(epoch);
        }

        @Override
        public CompletableFuture<ElectionOutcome> elect(int brokerId) {
            if (controller.isPresent() && controllerSession != this) {
                return now(ElectionOutcome.lost(controller));
            }
            controller = OptionalInt.of(brokerId);
            controllerSession = this;
            epoch = Optional.of(new ControllerEpoch(
                    epoch.map(e -> e.epoch() + 1).orElse(1),
                    epoch.map(e -> e.zkVersion() + 1).orElse(1)));
            transcript.accept(
                    "store /controller=" + brokerId + " epoch=" + epoch.get().epoch());
            return now(ElectionOutcome.won(brokerId, epoch.get()));
        }

        @Override
        public CompletableFuture<Void> resign(int controllerEpochZkVersion) {
            if (closed) {
                return CompletableFuture.failedFuture(new SessionLostException("closed"));
            }
            return write(controllerEpochZkVersion, () -> {
                transcript.accept("store /controller removed");
                dropController();
                return null;
            });
        }

        @Override
        public CompletableFuture<Boolean> endTermOf(BrokerIncarnation deadController) {
            throw new UnsupportedOperationException("nobody is proven dead here");
        }
    }

    private final class Brokers implements BrokerRegistry {
        @Override
        public CompletableFuture<Long> register(BrokerRegistration registration) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> update(BrokerRegistration registration) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> unregister(int brokerId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<SortedSet<Integer>> ids() {
            return now(new TreeSet<>(brokers.keySet()));
        }

        @Override
        public CompletableFuture<SortedMap<Integer, BrokerInfo>> brokers() {
            return CompletableFuture.completedFuture(new TreeMap<>(brokers));
        }

        @Override
        public CompletableFuture<Optional<BrokerInfo>> broker(int id) {
            return now(Optional.ofNullable(brokers.get(id)));
        }

        @Override
        public CompletableFuture<Integer> generateId(int reservedBrokerMaxId) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Topics implements TopicStore {
        @Override
        public CompletableFuture<Set<String>> names() {
            return now(new TreeSet<>(topics.keySet()));
        }

        @Override
        public CompletableFuture<Map<String, TopicRecord>> read(Collection<String> names) {
            Map<String, TopicRecord> found = new TreeMap<>();
            names.stream().filter(topics::containsKey).forEach(name -> found.put(name, topics.get(name)));
            return now(found);
        }

        @Override
        public CompletableFuture<TopicRecord> create(TopicRecord topic, int fence) {
            return write(fence, () -> {
                if (topics.containsKey(topic.name())) {
                    throw new EntryExistsException(topic.name());
                }
                return put(topic.withVersion(0));
            });
        }

        @Override
        public CompletableFuture<TopicRecord> update(TopicRecord topic, int fence) {
            return write(fence, () -> {
                TopicRecord now = topics.get(topic.name());
                if (now == null) {
                    throw new EntryMissingException(topic.name());
                }
                if (topic.version() != Versions.ANY && topic.version() != now.version()) {
                    throw new VersionConflictException(topic.name());
                }
                return put(topic.withVersion(now.version() + 1));
            });
        }

        private TopicRecord put(TopicRecord topic) {
            topics.put(topic.name(), topic);
            transcript.accept("store topic " + topic.name() + " " + Transcript.shown(topic.partitions()));
            hint(ChangeHint.any(ChangeHint.Kind.TOPICS));
            hint(new ChangeHint(ChangeHint.Kind.TOPIC, topic.name()));
            return topic;
        }

        @Override
        public CompletableFuture<Void> delete(String name, int fence) {
            return write(fence, () -> {
                topics.remove(name);
                states.keySet().removeIf(id -> id(id).topic().equals(name));
                transcript.accept("store topic " + name + " removed");
                hint(ChangeHint.any(ChangeHint.Kind.TOPICS));
                return null;
            });
        }

        @Override
        public CompletableFuture<Set<String>> deletions() {
            return now(new TreeSet<>(deletions));
        }

        @Override
        public CompletableFuture<Void> requestDeletion(String name, int fence) {
            return write(fence, () -> {
                if (!deletions.add(name)) {
                    throw new EntryExistsException(name);
                }
                hint(ChangeHint.any(ChangeHint.Kind.TOPIC_DELETIONS));
                return null;
            });
        }

        @Override
        public CompletableFuture<Void> removeDeletions(Collection<String> names, int fence) {
            return write(fence, () -> {
                deletions.removeAll(names);
                transcript.accept("store deletions " + new TreeSet<>(names) + " removed");
                hint(ChangeHint.any(ChangeHint.Kind.TOPIC_DELETIONS));
                return null;
            });
        }
    }

    private final class States implements PartitionStateStore {
        @Override
        public CompletableFuture<Map<TopicPartition, StoredPartitionState>> read(
                Collection<TopicPartition> partitions) {
            Map<TopicPartition, StoredPartitionState> found = new LinkedHashMap<>();
            partitions.forEach(id -> state(id).ifPresent(state -> found.put(id, state)));
            return now(found);
        }

        @Override
        public CompletableFuture<Map<TopicPartition, StateWrite>> create(
                Map<TopicPartition, StoredPartitionState> created, int fence) {
            return writeAll(created, fence, true);
        }

        @Override
        public CompletableFuture<Map<TopicPartition, StateWrite>> update(
                Map<TopicPartition, StoredPartitionState> updated, int fence) {
            return writeAll(updated, fence, false);
        }

        private CompletableFuture<Map<TopicPartition, StateWrite>> writeAll(
                Map<TopicPartition, StoredPartitionState> writes, int fence, boolean create) {
            Map<TopicPartition, StateWrite> outcomes = new LinkedHashMap<>();
            writes.forEach((id, state) -> outcomes.put(id, write(id, state, fence, create)));
            return now(outcomes);
        }

        private StateWrite write(TopicPartition id, StoredPartitionState state, int fence, boolean create) {
            StoredPartitionState now = states.get(id.toString());
            if (fenced(fence)) {
                return StateWrite.failed(StateWrite.Outcome.FENCED);
            }
            if (!topics.containsKey(id.topic())) {
                return StateWrite.failed(StateWrite.Outcome.MISSING);
            }
            int version = now == null ? -1 : now.leaderAndIsr().partitionEpoch();
            boolean fits = create ? now == null : state.leaderAndIsr().partitionEpoch() == version;
            if (!fits) {
                return StateWrite.failed(StateWrite.Outcome.CONFLICT);
            }
            LeaderAndIsr written = state.leaderAndIsr().withPartitionEpoch(version + 1);
            states.put(id.toString(), new StoredPartitionState(written, state.controllerEpoch()));
            transcript.accept("store state " + id + " " + Transcript.shown(written));
            return StateWrite.written(version + 1);
        }
    }

    private final class Configs implements ConfigStore {
        @Override
        public CompletableFuture<ConfigRecord> read(ConfigEntity entity) {
            return now(configs.getOrDefault(entity, ConfigRecord.ABSENT));
        }

        @Override
        public CompletableFuture<Map<ConfigEntity, ConfigRecord>> read(Collection<ConfigEntity> entities) {
            Map<ConfigEntity, ConfigRecord> found = new LinkedHashMap<>();
            entities.forEach(entity -> found.put(entity, configs.getOrDefault(entity, ConfigRecord.ABSENT)));
            return now(found);
        }

        @Override
        public CompletableFuture<ConfigRecord> write(ConfigEntity entity, ConfigRecord config) {
            configs.put(entity, config.withVersion(0));
            transcript.accept("store config " + entity.path() + " " + new TreeMap<>(config.values()));
            return now(config.withVersion(0));
        }

        @Override
        public CompletableFuture<Void> delete(ConfigEntity entity, int fence) {
            configs.remove(entity);
            transcript.accept("store config " + entity.path() + " removed");
            return now(null);
        }

        @Override
        public CompletableFuture<Set<String>> names(String typePath) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> announce(ConfigEntity entity) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<List<ConfigChange>> changes(long afterSequence) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> purgeChanges(Duration age) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Admin implements AdminPaths {
        @Override
        public CompletableFuture<Optional<Set<TopicPartition>>> preferredElection() {
            return now(preferredElection);
        }

        @Override
        public CompletableFuture<Void> removePreferredElection(int fence) {
            preferredElection = Optional.empty();
            return now(null);
        }

        @Override
        public CompletableFuture<Optional<Map<TopicPartition, List<Integer>>>> legacyReassignment() {
            return now(legacyReassignment);
        }

        @Override
        public CompletableFuture<Void> replaceLegacyReassignment(
                Map<TopicPartition, List<Integer>> remaining, int fence) {
            return MemoryStore.this.write(fence, () -> {
                legacyReassignment = remaining.isEmpty() ? Optional.empty() : Optional.of(remaining);
                transcript.accept("store reassignments " + new TreeMap<>(shown(remaining)));
                hint(ChangeHint.any(ChangeHint.Kind.LEGACY_REASSIGNMENT));
                return null;
            });
        }

        private static Map<String, List<Integer>> shown(Map<TopicPartition, List<Integer>> reassignments) {
            Map<String, List<Integer>> shown = new LinkedHashMap<>();
            reassignments.forEach((id, replicas) -> shown.put(id.toString(), replicas));
            return shown;
        }

        @Override
        public CompletableFuture<List<Notification<Set<TopicPartition>>>> isrChanges() {
            List<Notification<Set<TopicPartition>>> notes = new ArrayList<>();
            isrChanges.forEach((name, content) -> notes.add(new Notification<>(name, content)));
            return now(notes);
        }

        @Override
        public CompletableFuture<Void> announceIsrChange(Set<TopicPartition> partitions) {
            isrChanges.put("isr_change_" + isrChanges.size(), partitions);
            hint(ChangeHint.any(ChangeHint.Kind.ISR_CHANGES));
            return now(null);
        }

        @Override
        public CompletableFuture<Void> removeIsrChanges(Collection<String> names, int fence) {
            isrChanges.keySet().removeAll(names);
            return now(null);
        }

        @Override
        public CompletableFuture<List<Notification<OptionalInt>>> logDirFailures() {
            List<Notification<OptionalInt>> notes = new ArrayList<>();
            logDirFailures.forEach((name, broker) -> notes.add(new Notification<>(name, OptionalInt.of(broker))));
            return now(notes);
        }

        @Override
        public CompletableFuture<Void> announceLogDirFailure(int brokerId) {
            logDirFailures.put("log_dir_event_" + logDirFailures.size(), brokerId);
            hint(ChangeHint.any(ChangeHint.Kind.LOG_DIR_FAILURES));
            return now(null);
        }

        @Override
        public CompletableFuture<Void> removeLogDirFailures(Collection<String> names, int fence) {
            logDirFailures.keySet().removeAll(names);
            return now(null);
        }
    }

    private final class Producers implements ProducerIdStore {
        @Override
        public CompletableFuture<Optional<ProducerIdBlock>> latest() {
            return now(Optional.empty());
        }

        @Override
        public CompletableFuture<ProducerIdBlock> allocate(int brokerId) {
            ProducerIdBlock block =
                    new ProducerIdBlock(brokerId, nextProducerId, nextProducerId + ProducerIdBlock.SIZE - 1);
            nextProducerId += ProducerIdBlock.SIZE;
            return now(block);
        }
    }

    private final class Features implements FeatureStore {
        @Override
        public CompletableFuture<FeatureSettings> read() {
            return now(features);
        }

        @Override
        public CompletableFuture<FeatureSettings> write(FeatureSettings settings, int fence) {
            return MemoryStore.this.write(fence, () -> {
                features = settings.withVersion(Math.max(0, settings.version() + 1));
                return features;
            });
        }
    }
}
