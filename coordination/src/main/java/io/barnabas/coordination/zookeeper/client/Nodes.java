// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * The framework's operations on nodes, as futures that complete on ZooKeeper's event thread. Answers carry result codes; only
 * lost connections and sessions fail.
 */
public final class Nodes {
    private final CuratorFramework framework;
    private final ZooKeeperRequests requests;
    private final NodeAcls acls;

    Nodes(CuratorFramework framework, ZooKeeperRequests requests, NodeAcls acls) {
        this.acls = acls;
        this.framework = framework;
        this.requests = requests;
    }

    private static <T> BackgroundCallback into(Request.Reply<T> reply, Function<CuratorEvent, T> value) {
        return (client, event) -> reply.received(event.getResultCode(), value.apply(event), event.getStat());
    }

    private static BackgroundCallback into(Request.Reply<Void> reply) {
        return into(reply, event -> null);
    }

    /** A node's data and stat. */
    public CompletableFuture<Answer<byte[]>> data(String path) {
        return requests.read(path, reply -> framework
                .getData()
                .inBackground(into(reply, CuratorEvent::getData))
                .forPath(path));
    }

    /** A node's data and version, decoded; empty if there is no node. */
    public <T> CompletableFuture<Optional<T>> read(String path, BiFunction<byte[], Integer, T> decoder) {
        return data(path)
                .thenApply(answer -> answer.isMissing()
                        ? Optional.empty()
                        : Optional.of(decoder.apply(
                                answer.orThrow().value(), answer.stat().getVersion())));
    }

    /** The names of a node's children; none if there is no node. */
    public CompletableFuture<Set<String>> children(String path) {
        CompletableFuture<Answer<List<String>>> children = requests.read(path, reply -> framework
                .getChildren()
                .inBackground(into(reply, CuratorEvent::getChildren))
                .forPath(path));
        return children.thenApply(answer ->
                answer.isMissing() ? Set.of() : new HashSet<>(answer.orThrow().value()));
    }

    /** A node's stat. */
    public CompletableFuture<Answer<Void>> stat(String path) {
        return requests.read(
                path, reply -> framework.checkExists().inBackground(into(reply)).forPath(path));
    }

    /** Several reads in one request, each with its own result. Curator has no such thing, so this is ZooKeeper's own. */
    public CompletableFuture<Answer<List<OpResult>>> multiRead(String about, List<Op> reads) {
        return requests.read(about, reply -> framework
                .getZookeeperClient()
                .getZooKeeper()
                .multi(reads, (rc, p, ctx, results) -> reply.received(rc, results, null), null));
    }

    /** Fails if the server is older than ZooKeeper 3.6, which brought reads in bulk and, needed here, persistent watches. */
    CompletableFuture<Void> requirePersistentWatches() {
        return multiRead("/", List.of(Op.getData("/"))).thenAccept(answer -> {
            if (answer.code() == Code.UNIMPLEMENTED) {
                throw new CoordinationException(
                        "The ZooKeeper ensemble is older than 3.6 and has no persistent watches; 3.6 or newer is needed");
            }
        });
    }

    /** All of these operations or none. */
    CompletableFuture<Answer<List<CuratorTransactionResult>>> transaction(
            String about, List<GuardedWrites.Operation> writes) {
        return requests.write(about, reply -> {
            List<CuratorOp> ops = new ArrayList<>(writes.size());
            for (GuardedWrites.Operation write : writes) {
                ops.add(write.with(acls));
            }
            framework
                    .transaction()
                    .inBackground(into(reply, CuratorEvent::getOpResults))
                    .forOperations(ops);
        });
    }

    /** Creates a node. The answer's value is its path, with its number if the mode counts. */
    public CompletableFuture<Answer<String>> create(String path, byte[] data, CreateMode mode) {
        return requests.write(path, reply -> framework
                .create()
                .withMode(mode)
                .inBackground(into(reply, CuratorEvent::getName))
                .forPath(path, data));
    }

    /** Replaces a node's data on the condition of its version, -1 for any. */
    public CompletableFuture<Answer<Void>> setData(String path, byte[] data, int version) {
        return requests.write(path, reply -> framework
                .setData()
                .withVersion(version)
                .inBackground(into(reply))
                .forPath(path, data));
    }

    /** Deletes a node on the condition of its version, -1 for any. One already gone is no error. */
    public CompletableFuture<Void> delete(String path, int version) {
        CompletableFuture<Answer<Void>> deleted = requests.write(path, reply -> framework
                .delete()
                .withVersion(version)
                .inBackground(into(reply))
                .forPath(path));
        return deleted.thenAccept(Answer::orThrowUnlessMissing);
    }

    /** Goes to the ensemble's leader and back: the answer proves that the session lives. */
    CompletableFuture<Answer<Void>> sync() {
        return requests.write(
                "/", reply -> framework.sync().inBackground(into(reply)).forPath("/"));
    }

    /**
     * Creates a persistent node and what is missing above it, those without data as Kafka does. Answers OK or, if it is there
     * already, NODEEXISTS.
     */
    public CompletableFuture<Answer<String>> createRecursively(String path, byte[] data) {
        return create(path, data, CreateMode.PERSISTENT).thenCompose(answer -> {
            String parent = ZnodePaths.parent(path);
            if (answer.code() != Code.NONODE || parent.isEmpty()) {
                return CompletableFuture.completedFuture(answer);
            }
            return createRecursively(parent, null)
                    .thenCompose(above -> above.isOk() || above.code() == Code.NODEEXISTS
                            ? createRecursively(path, data)
                            : CompletableFuture.completedFuture(above));
        });
    }
}
