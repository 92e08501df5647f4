// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.PartitionState;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StateWrite.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes partition states in guarded transactions of many. A transaction happens whole or not at all, so when one is refused its
 * writes are sent again one by one, and each gets its own outcome. Where a reply was lost, what is stored tells.
 */
final class PartitionStateWrites {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionStateWrites.class);
    private static final int BATCH = 100;

    private final Nodes nodes;
    private final GuardedWrites writes;

    PartitionStateWrites(Nodes nodes, GuardedWrites writes) {
        this.nodes = nodes;
        this.writes = writes;
    }

    /** One state to write, as bytes and with the version it is to replace. */
    private static final class Write {
        private final TopicPartition partition;
        private final String path;
        private final byte[] data;
        private final int expectedVersion;
        private final boolean creates;

        Write(TopicPartition partition, PartitionState state, boolean creates) {
            this.partition = partition;
            this.path = ZnodePaths.state(partition);
            this.data = PartitionStateCodec.encode(state);
            this.expectedVersion = state.leaderAndIsr().partitionEpoch();
            this.creates = creates;
        }

        int nextVersion() {
            return creates ? 0 : expectedVersion + 1;
        }
    }

    CompletableFuture<Map<TopicPartition, StateWrite>> update(
            Map<TopicPartition, PartitionState> states, int epochZkVersion) {
        return inBatches(writesOf(states, false), epochZkVersion);
    }

    CompletableFuture<Map<TopicPartition, StateWrite>> create(
            Map<TopicPartition, PartitionState> states, int epochZkVersion) {
        Set<String> topics = states.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        return Futures.all(topics, topic -> createParent(ZnodePaths.partitions(topic), epochZkVersion))
                .thenCompose(ignored -> inBatches(writesOf(states, true), epochZkVersion));
    }

    /** Creates a node above the states if it is missing; a failure shows in the writes that need it. */
    private CompletableFuture<Void> createParent(String path, int epochZkVersion) {
        return writes.write(path, epochZkVersion, List.of(nodes.createOp(path, null, CreateMode.PERSISTENT)))
                .handle((outcome, failure) -> {
                    if (failure != null) {
                        LOG.debug("Could not create {}", path, failure);
                    }
                    return null;
                });
    }

    private static List<Write> writesOf(Map<TopicPartition, PartitionState> states, boolean create) {
        List<Write> all = new ArrayList<>(states.size());
        states.forEach((partition, state) -> all.add(new Write(partition, state, create)));
        return all;
    }

    private CompletableFuture<Map<TopicPartition, StateWrite>> inBatches(List<Write> all, int epochZkVersion) {
        List<CompletableFuture<Map<TopicPartition, StateWrite>>> parts = new ArrayList<>();
        for (List<Write> batch : Futures.chunks(all, BATCH)) {
            parts.add(together(batch, epochZkVersion).exceptionally(failure -> unknown(batch, failure)));
        }
        return Futures.merge(parts);
    }

    private CompletableFuture<Map<TopicPartition, StateWrite>> together(List<Write> batch, int epochZkVersion) {
        List<Op> ops = new ArrayList<>(batch.size() * 2);
        batch.forEach(write -> addOps(write, ops));
        return writes.write(ZnodePaths.TOPICS, epochZkVersion, ops).thenCompose(outcome -> {
            if (outcome.isOk()) {
                return CompletableFuture.completedFuture(
                        resultOf(batch, write -> StateWrite.written(write.nextVersion())));
            }
            if (outcome.fenced()) {
                return CompletableFuture.completedFuture(resultOf(batch, write -> StateWrite.failed(Outcome.FENCED)));
            }
            return Futures.merge(batch.stream()
                    .map(write -> alone(write, epochZkVersion, outcome.repeated()))
                    .toList());
        });
    }

    private void addOps(Write write, List<Op> ops) {
        if (write.creates) {
            ops.add(nodes.createOp(ZnodePaths.partition(write.partition), null, CreateMode.PERSISTENT));
            ops.add(nodes.createOp(write.path, write.data, CreateMode.PERSISTENT));
        } else {
            ops.add(Op.setData(write.path, write.data, write.expectedVersion));
        }
    }

    private CompletableFuture<Map<TopicPartition, StateWrite>> alone(
            Write write, int epochZkVersion, boolean repeated) {
        CompletableFuture<Void> parent = write.creates
                ? createParent(ZnodePaths.partition(write.partition), epochZkVersion)
                : CompletableFuture.completedFuture(null);
        Op op = write.creates
                ? nodes.createOp(write.path, write.data, CreateMode.PERSISTENT)
                : Op.setData(write.path, write.data, write.expectedVersion);
        return parent.thenCompose(ignored -> writes.write(write.path, epochZkVersion, List.of(op)))
                .thenCompose(outcome -> resolve(write, outcome, repeated || outcome.repeated()))
                .exceptionally(failure -> {
                    LOG.debug("The outcome of writing {} is unknown", write.path, failure);
                    return StateWrite.failed(Outcome.UNKNOWN);
                })
                .thenApply(result -> Map.of(write.partition, result));
    }

    private CompletableFuture<StateWrite> resolve(Write write, GuardedWrites.Outcome outcome, boolean repeated) {
        if (outcome.isOk()) {
            return CompletableFuture.completedFuture(StateWrite.written(write.nextVersion()));
        }
        if (outcome.fenced()) {
            return CompletableFuture.completedFuture(StateWrite.failed(Outcome.FENCED));
        }
        return switch (outcome.code()) {
            case NONODE -> CompletableFuture.completedFuture(StateWrite.failed(Outcome.MISSING));
            case BADVERSION, NODEEXISTS ->
                repeated ? compare(write) : CompletableFuture.completedFuture(StateWrite.failed(Outcome.CONFLICT));
            default -> CompletableFuture.failedFuture(Answer.failure(outcome.code(), write.path));
        };
    }

    /** Our own earlier attempt, if what is stored is what we wrote in the version it would have. */
    private CompletableFuture<StateWrite> compare(Write write) {
        return nodes.data(write.path).thenApply(found -> {
            if (found.isMissing()) {
                return StateWrite.failed(Outcome.MISSING);
            }
            boolean ours = found.orThrow().stat().getVersion() == write.nextVersion()
                    && Arrays.equals(found.value(), write.data);
            return ours ? StateWrite.written(write.nextVersion()) : StateWrite.failed(Outcome.CONFLICT);
        });
    }

    private static Map<TopicPartition, StateWrite> resultOf(List<Write> batch, Function<Write, StateWrite> result) {
        Map<TopicPartition, StateWrite> results = new HashMap<>();
        batch.forEach(write -> results.put(write.partition, result.apply(write)));
        return results;
    }

    private static Map<TopicPartition, StateWrite> unknown(List<Write> batch, Throwable failure) {
        LOG.debug("The outcome of writing {} partition states is unknown", batch.size(), failure);
        return resultOf(batch, write -> StateWrite.failed(Outcome.UNKNOWN));
    }
}
