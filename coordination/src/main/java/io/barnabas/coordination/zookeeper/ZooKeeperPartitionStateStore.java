// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.PartitionState;
import io.barnabas.coordination.store.PartitionStateStore;
import io.barnabas.coordination.store.StateWrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** The states of partitions, read and written in batches, all sent at once. */
final class ZooKeeperPartitionStateStore implements PartitionStateStore {
    private static final int READ_BATCH = 200;

    private final Nodes nodes;
    private final PartitionStateWrites stateWrites;
    private volatile boolean batchedReads = true;

    ZooKeeperPartitionStateStore(Nodes nodes, GuardedWrites writes) {
        this.nodes = nodes;
        this.stateWrites = new PartitionStateWrites(nodes, writes);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, PartitionState>> read(Collection<TopicPartition> partitions) {
        List<CompletableFuture<Map<TopicPartition, PartitionState>>> parts = new ArrayList<>();
        for (List<TopicPartition> batch : Futures.chunks(new ArrayList<>(partitions), READ_BATCH)) {
            parts.add(batchedReads && batch.size() > 1 ? readBatch(batch) : readSingly(batch));
        }
        return Futures.merge(parts);
    }

    private CompletableFuture<Map<TopicPartition, PartitionState>> readBatch(List<TopicPartition> batch) {
        List<Op> reads =
                batch.stream().map(p -> Op.getData(ZnodePaths.state(p))).toList();
        return nodes.multiRead(ZnodePaths.TOPICS, reads).thenCompose(answer -> {
            if (answer.code() == Code.UNIMPLEMENTED || answer.value() == null) {
                batchedReads = false;
                return readSingly(batch);
            }
            Map<TopicPartition, PartitionState> states = new HashMap<>();
            for (int i = 0; i < batch.size(); i++) {
                putIfFound(states, batch.get(i), answer.value().get(i));
            }
            return CompletableFuture.completedFuture(states);
        });
    }

    private static void putIfFound(
            Map<TopicPartition, PartitionState> states, TopicPartition partition, OpResult result) {
        String path = ZnodePaths.state(partition);
        if (result instanceof OpResult.GetDataResult found) {
            states.put(
                    partition,
                    PartitionStateCodec.decode(
                            path, found.getData(), found.getStat().getVersion()));
        } else if (result instanceof OpResult.ErrorResult error && Code.get(error.getErr()) != Code.NONODE) {
            throw Answer.failure(Code.get(error.getErr()), path);
        }
    }

    private CompletableFuture<Map<TopicPartition, PartitionState>> readSingly(List<TopicPartition> partitions) {
        return Futures.list(partitions, p -> nodes.data(ZnodePaths.state(p))).thenApply(answers -> {
            Map<TopicPartition, PartitionState> states = new HashMap<>();
            for (int i = 0; i < answers.size(); i++) {
                Answer<byte[]> answer = answers.get(i);
                if (!answer.isMissing()) {
                    states.put(
                            partitions.get(i),
                            PartitionStateCodec.decode(
                                    answer.path(),
                                    answer.orThrow().value(),
                                    answer.stat().getVersion()));
                }
            }
            return states;
        });
    }

    @Override
    public CompletableFuture<Map<TopicPartition, StateWrite>> create(
            Map<TopicPartition, PartitionState> states, int controllerEpochZkVersion) {
        return stateWrites.create(states, controllerEpochZkVersion);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, StateWrite>> update(
            Map<TopicPartition, PartitionState> states, int controllerEpochZkVersion) {
        return stateWrites.update(states, controllerEpochZkVersion);
    }
}
