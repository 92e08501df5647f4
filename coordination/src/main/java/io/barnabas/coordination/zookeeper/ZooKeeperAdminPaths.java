// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.AdminPaths;
import io.barnabas.coordination.store.Notification;
import io.barnabas.coordination.store.StoreDataException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /admin/…}, {@code /isr_change_notification} and {@code /log_dir_event_notification}. */
final class ZooKeeperAdminPaths implements AdminPaths {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperAdminPaths.class);

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
        return read(
                ZnodePaths.PREFERRED_ELECTION, data -> PartitionListCodec.decode(ZnodePaths.PREFERRED_ELECTION, data));
    }

    @Override
    public CompletableFuture<Void> removePreferredElection(int controllerEpochZkVersion) {
        return remove(ZnodePaths.PREFERRED_ELECTION, controllerEpochZkVersion);
    }

    @Override
    public CompletableFuture<Optional<Map<TopicPartition, List<Integer>>>> legacyReassignment() {
        return read(
                ZnodePaths.REASSIGN_PARTITIONS,
                data -> PartitionListCodec.decodeReassignment(ZnodePaths.REASSIGN_PARTITIONS, data));
    }

    @Override
    public CompletableFuture<Void> replaceLegacyReassignment(
            Map<TopicPartition, List<Integer>> remaining, int controllerEpochZkVersion) {
        String path = ZnodePaths.REASSIGN_PARTITIONS;
        if (remaining.isEmpty()) {
            return remove(path, controllerEpochZkVersion);
        }
        Op op = Op.setData(path, PartitionListCodec.encodeReassignment(remaining), -1);
        return writes.write(path, controllerEpochZkVersion, List.of(op)).thenAccept(GuardedWrites.Outcome::orThrow);
    }

    private <T> CompletableFuture<Optional<T>> read(String path, Function<byte[], T> decode) {
        return nodes.data(path).thenApply(answer -> {
            if (answer.isMissing()) {
                return Optional.empty();
            }
            return Optional.of(decode.apply(answer.orThrow().value()));
        });
    }

    private CompletableFuture<Void> remove(String path, int controllerEpochZkVersion) {
        return writes.write(path, controllerEpochZkVersion, List.of(Op.delete(path, -1)))
                .thenAccept(outcome -> {
                    if (outcome.fenced() || outcome.code() != Code.NONODE) {
                        outcome.orThrow();
                    }
                });
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
        return sequence.read(-1).thenApply(notes -> {
            List<Notification<T>> decoded = new ArrayList<>(notes.size());
            for (SequenceNodes.Note note : notes) {
                decoded.add(new Notification<>(note.name(), decodeOr(note, decode, ifUnknown)));
            }
            return decoded;
        });
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
