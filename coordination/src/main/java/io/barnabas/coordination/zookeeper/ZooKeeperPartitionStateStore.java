// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.PartitionStateStore;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.zookeeper.client.Answer;
import io.barnabas.coordination.zookeeper.client.Bulk;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.PartitionStateCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** The states of partitions, read and written in batches, all sent at once. */
record ZooKeeperPartitionStateStore(Nodes nodes, GuardedWrites writes) implements PartitionStateStore {
    private static final int READ_BATCH = 200;

    @Override
    public CompletableFuture<Map<TopicPartition, StoredPartitionState>> read(Collection<TopicPartition> partitions) {
        return Bulk.merge(Bulk.chunks(new ArrayList<>(partitions), READ_BATCH).stream()
                .map(this::readBatch)
                .toList());
    }

    private CompletableFuture<Map<TopicPartition, StoredPartitionState>> readBatch(List<TopicPartition> batch) {
        List<Op> reads =
                batch.stream().map(p -> Op.getData(ZnodePaths.state(p))).toList();
        return nodes.multiRead(ZnodePaths.TOPICS, reads).thenApply(answer -> {
            List<OpResult> results = answer.orThrow().value();
            Map<TopicPartition, StoredPartitionState> states = new HashMap<>();
            for (int i = 0; i < batch.size(); i++) {
                TopicPartition partition = batch.get(i);
                decode(partition, results.get(i)).ifPresent(state -> states.put(partition, state));
            }
            return states;
        });
    }

    private static Optional<StoredPartitionState> decode(TopicPartition partition, OpResult result) {
        String path = ZnodePaths.state(partition);
        if (result instanceof OpResult.GetDataResult found) {
            int version = found.getStat().getVersion();
            return Optional.of(PartitionStateCodec.decode(path, found.getData(), version));
        }
        Code code = result instanceof OpResult.ErrorResult error ? Code.get(error.getErr()) : Code.NONODE;
        if (code != Code.NONODE) {
            throw Answer.failure(code, path);
        }
        return Optional.empty();
    }

    @Override
    public CompletableFuture<Map<TopicPartition, StateWrite>> create(
            Map<TopicPartition, StoredPartitionState> states, int controllerEpochZkVersion) {
        return new PartitionStateWrites(nodes, writes, controllerEpochZkVersion).create(states);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, StateWrite>> update(
            Map<TopicPartition, StoredPartitionState> states, int controllerEpochZkVersion) {
        return new PartitionStateWrites(nodes, writes, controllerEpochZkVersion).update(states);
    }
}
