// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StateWrite.Outcome;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.zookeeper.client.Answer;
import io.barnabas.coordination.zookeeper.client.Bulk;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.PartitionStateCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes partition states in guarded transactions of many. A transaction happens whole or not at all, so when one is refused its
 * writes are sent again one by one, and each gets its own outcome. Where a reply was lost, what is stored tells.
 */
record PartitionStateWrites(Nodes nodes, GuardedWrites writes, int controllerEpochZkVersion) {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionStateWrites.class);
    private static final int BATCH = 100;

    /** One state to write, as bytes and with the version it is to replace. */
    private static final class Write {
        private final TopicPartition partition;
        private final String path;
        private final byte[] data;
        private final int expectedVersion;
        private final boolean creates;

        Write(TopicPartition partition, StoredPartitionState state, boolean creates) {
            this.partition = partition;
            this.path = ZnodePaths.state(partition);
            this.data = PartitionStateCodec.encode(state);
            this.expectedVersion = state.leaderAndIsr().partitionEpoch();
            this.creates = creates;
        }

        StateWrite written() {
            return StateWrite.written(creates ? 0 : expectedVersion + 1);
        }

        boolean isStored(Answer<byte[]> found) {
            return found.stat().getVersion() == written().partitionEpoch() && Arrays.equals(found.value(), data);
        }
    }

    CompletableFuture<Map<TopicPartition, StateWrite>> update(Map<TopicPartition, StoredPartitionState> states) {
        return inBatches(states, false);
    }

    CompletableFuture<Map<TopicPartition, StateWrite>> create(Map<TopicPartition, StoredPartitionState> states) {
        Set<String> topics = states.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        return Bulk.all(topics, topic -> createParent(ZnodePaths.partitions(topic)))
                .thenCompose(ignored -> inBatches(states, true));
    }

    /** Creates a node above the states if it is missing; a failure shows in the writes that need it. */
    private CompletableFuture<Void> createParent(String path) {
        return writes.write(path, controllerEpochZkVersion, List.of(GuardedWrites.create(path, null)))
                .handle((outcome, failure) -> {
                    if (failure != null) {
                        LOG.debug("Could not create {}", path, failure);
                    }
                    return null;
                });
    }

    private CompletableFuture<Map<TopicPartition, StateWrite>> inBatches(
            Map<TopicPartition, StoredPartitionState> states, boolean creates) {
        List<Write> all = new ArrayList<>(states.size());
        states.forEach((partition, state) -> all.add(new Write(partition, state, creates)));
        return Bulk.merge(Bulk.chunks(all, BATCH).stream()
                .map(batch -> together(batch).exceptionally(failure -> {
                    LOG.debug("The outcome of writing {} partition states is unknown", batch.size(), failure);
                    return resultOf(batch, write -> StateWrite.failed(Outcome.UNKNOWN));
                }))
                .toList());
    }

    private CompletableFuture<Map<TopicPartition, StateWrite>> together(List<Write> batch) {
        List<GuardedWrites.Operation> ops = new ArrayList<>(batch.size() * 2);
        for (Write write : batch) {
            if (write.creates) {
                ops.add(GuardedWrites.create(ZnodePaths.partition(write.partition), null));
            }
            ops.add(op(write));
        }
        return writes.write(ZnodePaths.TOPICS, controllerEpochZkVersion, ops).thenCompose(outcome -> {
            if (outcome.isOk()) {
                return CompletableFuture.completedFuture(resultOf(batch, Write::written));
            }
            if (outcome.fenced()) {
                return CompletableFuture.completedFuture(resultOf(batch, write -> StateWrite.failed(Outcome.FENCED)));
            }
            return Bulk.merge(batch.stream()
                    .map(write -> alone(write, outcome.repeated()))
                    .toList());
        });
    }

    private GuardedWrites.Operation op(Write write) {
        return write.creates
                ? GuardedWrites.create(write.path, write.data)
                : GuardedWrites.set(write.path, write.data, write.expectedVersion);
    }

    private CompletableFuture<Map<TopicPartition, StateWrite>> alone(Write write, boolean repeated) {
        CompletableFuture<Void> parent = write.creates
                ? createParent(ZnodePaths.partition(write.partition))
                : CompletableFuture.completedFuture(null);
        return parent.thenCompose(ignored -> writes.write(write.path, controllerEpochZkVersion, List.of(op(write))))
                .thenCompose(outcome -> resolve(write, outcome, repeated || outcome.repeated()))
                .exceptionally(failure -> {
                    LOG.debug("The outcome of writing {} is unknown", write.path, failure);
                    return StateWrite.failed(Outcome.UNKNOWN);
                })
                .thenApply(result -> Map.of(write.partition, result));
    }

    /** A conflict is our own earlier attempt, if what is stored is what we wrote in the version it would have. */
    private CompletableFuture<StateWrite> resolve(Write write, GuardedWrites.Outcome outcome, boolean repeated) {
        if (repeated && outcome.isConflict()) {
            return nodes.data(write.path).thenApply(found -> {
                if (found.isMissing()) {
                    return StateWrite.failed(Outcome.MISSING);
                }
                return write.isStored(found.orThrow()) ? write.written() : StateWrite.failed(Outcome.CONFLICT);
            });
        }
        return CompletableFuture.completedFuture(result(write, outcome));
    }

    private static StateWrite result(Write write, GuardedWrites.Outcome outcome) {
        if (outcome.isOk()) {
            return write.written();
        }
        if (outcome.fenced()) {
            return StateWrite.failed(Outcome.FENCED);
        }
        if (outcome.isMissing()) {
            return StateWrite.failed(Outcome.MISSING);
        }
        if (outcome.isConflict()) {
            return StateWrite.failed(Outcome.CONFLICT);
        }
        throw Answer.failure(outcome.code(), write.path);
    }

    private static Map<TopicPartition, StateWrite> resultOf(List<Write> batch, Function<Write, StateWrite> result) {
        return batch.stream().collect(Collectors.toMap(write -> write.partition, result));
    }
}
