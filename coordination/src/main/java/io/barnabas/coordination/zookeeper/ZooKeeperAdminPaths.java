// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.AdminPaths;
import io.barnabas.coordination.store.Notification;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.StoreDataException;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.LogDirEventCodec;
import io.barnabas.coordination.zookeeper.znode.PartitionListCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /admin/…}, {@code /isr_change_notification} and {@code /log_dir_event_notification}. */
final class ZooKeeperAdminPaths implements AdminPaths {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperAdminPaths.class);
    private static final String ELECTION = ZnodePaths.PREFERRED_ELECTION;
    private static final String REASSIGNMENT = ZnodePaths.REASSIGN_PARTITIONS;

    private final Nodes nodes;
    private final GuardedWrites writes;
    private final SequenceNodes isrChanges;
    private final SequenceNodes logDirEvents;

    ZooKeeperAdminPaths(Nodes nodes, GuardedWrites writes, InstantSource clock) {
        this.nodes = nodes;
        this.writes = writes;
        this.isrChanges = new SequenceNodes(nodes, writes, clock, ZnodePaths.ISR_CHANGES, ZnodePaths.ISR_CHANGE_PREFIX);
        this.logDirEvents =
                new SequenceNodes(nodes, writes, clock, ZnodePaths.LOG_DIR_EVENTS, ZnodePaths.LOG_DIR_EVENT_PREFIX);
    }

    @Override
    public CompletableFuture<Optional<Set<TopicPartition>>> preferredElection() {
        return nodes.read(ELECTION, (data, version) -> PartitionListCodec.decode(ELECTION, data));
    }

    @Override
    public CompletableFuture<Void> removePreferredElection(int controllerEpochZkVersion) {
        return writes.remove(ELECTION, controllerEpochZkVersion);
    }

    @Override
    public CompletableFuture<Optional<Map<TopicPartition, List<Integer>>>> legacyReassignment() {
        return nodes.read(REASSIGNMENT, (data, version) -> PartitionListCodec.decodeReassignment(REASSIGNMENT, data));
    }

    @Override
    public CompletableFuture<Void> replaceLegacyReassignment(
            Map<TopicPartition, List<Integer>> remaining, int controllerEpochZkVersion) {
        if (remaining.isEmpty()) {
            return writes.remove(REASSIGNMENT, controllerEpochZkVersion);
        }
        byte[] data = PartitionListCodec.encodeReassignment(remaining);
        return writes.put(REASSIGNMENT, data, Versions.ANY, controllerEpochZkVersion)
                .thenAccept(version -> {});
    }

    @Override
    public CompletableFuture<List<Notification<Set<TopicPartition>>>> isrChanges() {
        return notes(isrChanges, note -> PartitionListCodec.decode(note.path(), note.data()), Set.of());
    }

    @Override
    public CompletableFuture<Void> announceIsrChange(Set<TopicPartition> partitions) {
        return isrChanges.add(PartitionListCodec.encode(partitions));
    }

    @Override
    public CompletableFuture<Void> removeIsrChanges(Collection<String> names, int controllerEpochZkVersion) {
        return isrChanges.remove(names, controllerEpochZkVersion);
    }

    @Override
    public CompletableFuture<List<Notification<OptionalInt>>> logDirFailures() {
        return notes(
                logDirEvents,
                note -> OptionalInt.of(LogDirEventCodec.decode(note.path(), note.data())),
                OptionalInt.empty());
    }

    @Override
    public CompletableFuture<Void> announceLogDirFailure(int brokerId) {
        return logDirEvents.add(LogDirEventCodec.encode(brokerId));
    }

    @Override
    public CompletableFuture<Void> removeLogDirFailures(Collection<String> names, int controllerEpochZkVersion) {
        return logDirEvents.remove(names, controllerEpochZkVersion);
    }

    private static <T> CompletableFuture<List<Notification<T>>> notes(
            SequenceNodes sequence, Function<SequenceNodes.Note, T> decode, T ifUnknown) {
        return sequence.read(-1).thenApply(notes -> notes.stream()
                .map(note -> new Notification<>(note.name(), decodeOr(note, decode, ifUnknown)))
                .toList());
    }

    private static <T> T decodeOr(SequenceNodes.Note note, Function<SequenceNodes.Note, T> decode, T ifUnknown) {
        try {
            return decode.apply(note);
        } catch (StoreDataException e) {
            LOG.warn("A note nobody can understand: {}", e.getMessage());
            return ifUnknown;
        }
    }
}
