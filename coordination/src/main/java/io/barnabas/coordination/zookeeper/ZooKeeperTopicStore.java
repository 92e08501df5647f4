// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.TopicStore;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/** {@code /brokers/topics} and {@code /admin/delete_topics}. */
final class ZooKeeperTopicStore implements TopicStore {
    private final Nodes nodes;
    private final GuardedWrites writes;
    private final RecursiveDelete recursiveDelete;

    ZooKeeperTopicStore(Nodes nodes, GuardedWrites writes) {
        this.nodes = nodes;
        this.writes = writes;
        this.recursiveDelete = new RecursiveDelete(nodes, writes);
    }

    @Override
    public CompletableFuture<Set<String>> names() {
        return childNames(ZnodePaths.TOPICS);
    }

    @Override
    public CompletableFuture<Set<String>> deletions() {
        return childNames(ZnodePaths.DELETE_TOPICS);
    }

    private CompletableFuture<Set<String>> childNames(String path) {
        return nodes.children(path)
                .thenApply(answer -> answer.isMissing()
                        ? Set.of()
                        : new HashSet<>(answer.orThrow().value()));
    }

    @Override
    public CompletableFuture<Map<String, TopicRecord>> read(Collection<String> names) {
        return Futures.list(
                        names, name -> nodes.data(ZnodePaths.topic(name)).thenApply(answer -> decoded(name, answer)))
                .thenApply(records -> {
                    Map<String, TopicRecord> found = new HashMap<>();
                    records.forEach(some -> some.forEach(record -> found.put(record.name(), record)));
                    return found;
                });
    }

    private static List<TopicRecord> decoded(String name, Answer<byte[]> answer) {
        if (answer.isMissing()) {
            return List.of();
        }
        byte[] data = answer.orThrow().value();
        return List.of(TopicCodec.decode(name, data, answer.stat().getVersion()));
    }

    @Override
    public CompletableFuture<TopicRecord> create(TopicRecord topic, int controllerEpochZkVersion) {
        String path = ZnodePaths.topic(topic.name());
        byte[] data = TopicCodec.encode(topic);
        List<Op> ops = List.of(nodes.createOp(path, data, CreateMode.PERSISTENT));
        return writes.write(path, controllerEpochZkVersion, ops).thenCompose(outcome -> {
            if (outcome.isOk()) {
                return CompletableFuture.completedFuture(topic.withVersion(0));
            }
            return resolve(topic, data, outcome);
        });
    }

    @Override
    public CompletableFuture<TopicRecord> update(TopicRecord topic, int controllerEpochZkVersion) {
        String path = ZnodePaths.topic(topic.name());
        byte[] data = TopicCodec.encode(topic);
        List<Op> ops = List.of(Op.setData(path, data, topic.version()));
        return writes.write(path, controllerEpochZkVersion, ops).thenCompose(outcome -> {
            if (outcome.isOk()) {
                return CompletableFuture.completedFuture(topic.withVersion(outcome.versionAt(0)));
            }
            return resolve(topic, data, outcome);
        });
    }

    /** A refused write is our own earlier attempt's doing if its reply was lost and what is stored is what we wrote. */
    private CompletableFuture<TopicRecord> resolve(TopicRecord topic, byte[] data, GuardedWrites.Outcome outcome) {
        boolean conflict = outcome.code() == Code.NODEEXISTS || outcome.code() == Code.BADVERSION;
        if (!outcome.repeated() || outcome.fenced() || !conflict) {
            outcome.orThrow();
        }
        return nodes.data(outcome.path()).thenApply(found -> {
            if (!found.isOk() || !Arrays.equals(found.value(), data)) {
                outcome.orThrow();
            }
            return topic.withVersion(found.stat().getVersion());
        });
    }

    @Override
    public CompletableFuture<Void> delete(String name, int controllerEpochZkVersion) {
        return recursiveDelete.delete(ZnodePaths.topic(name), controllerEpochZkVersion);
    }

    @Override
    public CompletableFuture<Void> requestDeletion(String name, int controllerEpochZkVersion) {
        String path = ZnodePaths.deletion(name);
        List<Op> ops = List.of(nodes.createOp(path, null, CreateMode.PERSISTENT));
        return writes.write(path, controllerEpochZkVersion, ops).thenAccept(outcome -> {
            if (outcome.fenced() || !outcome.repeated() || outcome.code() != Code.NODEEXISTS) {
                outcome.orThrow();
            }
        });
    }

    @Override
    public CompletableFuture<Void> removeDeletions(Collection<String> names, int controllerEpochZkVersion) {
        return Futures.all(names, name -> recursiveDelete.delete(ZnodePaths.deletion(name), controllerEpochZkVersion));
    }
}
