// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.TopicStore;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.zookeeper.client.Bulk;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.TopicCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** {@code /brokers/topics} and {@code /admin/delete_topics}. */
record ZooKeeperTopicStore(Nodes nodes, GuardedWrites writes) implements TopicStore {
    @Override
    public CompletableFuture<Set<String>> names() {
        return nodes.children(ZnodePaths.TOPICS);
    }

    @Override
    public CompletableFuture<Set<String>> deletions() {
        return nodes.children(ZnodePaths.DELETE_TOPICS);
    }

    @Override
    public CompletableFuture<Map<String, TopicRecord>> read(Collection<String> names) {
        return Bulk.list(names, this::read).thenApply(records -> records.stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(TopicRecord::name, record -> record)));
    }

    private CompletableFuture<Optional<TopicRecord>> read(String name) {
        return nodes.read(ZnodePaths.topic(name), (data, version) -> TopicCodec.decode(name, data, version));
    }

    @Override
    public CompletableFuture<TopicRecord> create(TopicRecord topic, int controllerEpochZkVersion) {
        return update(topic.withVersion(Versions.ABSENT), controllerEpochZkVersion);
    }

    @Override
    public CompletableFuture<TopicRecord> update(TopicRecord topic, int controllerEpochZkVersion) {
        String path = ZnodePaths.topic(topic.name());
        return writes.put(path, TopicCodec.encode(topic), topic.version(), controllerEpochZkVersion)
                .thenApply(topic::withVersion);
    }

    @Override
    public CompletableFuture<Void> delete(String name, int controllerEpochZkVersion) {
        return new RecursiveDelete(nodes, writes, controllerEpochZkVersion).delete(ZnodePaths.topic(name));
    }

    @Override
    public CompletableFuture<Void> requestDeletion(String name, int controllerEpochZkVersion) {
        String path = ZnodePaths.deletion(name);
        return writes.write(path, controllerEpochZkVersion, List.of(GuardedWrites.create(path, null)))
                .thenAccept(outcome -> {
                    boolean ours = outcome.repeated() && outcome.isConflict();
                    if (!ours) {
                        outcome.orThrow();
                    }
                });
    }

    @Override
    public CompletableFuture<Void> removeDeletions(Collection<String> names, int controllerEpochZkVersion) {
        RecursiveDelete requests = new RecursiveDelete(nodes, writes, controllerEpochZkVersion);
        return Bulk.all(names, name -> requests.delete(ZnodePaths.deletion(name)));
    }
}
