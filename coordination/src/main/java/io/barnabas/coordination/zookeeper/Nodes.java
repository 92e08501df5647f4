// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;

/** ZooKeeper's operations on nodes, as futures. Answers carry result codes; only lost connections and sessions fail. */
final class Nodes {
    private final ZooKeeperRequests requests;
    private final NodeAcls acls;

    Nodes(ZooKeeperRequests requests, NodeAcls acls) {
        this.requests = requests;
        this.acls = acls;
    }

    CompletableFuture<Answer<byte[]>> data(String path) {
        return data(path, null);
    }

    CompletableFuture<Answer<byte[]>> data(String path, Watcher watcher) {
        return requests.read(
                path,
                (zk, reply) ->
                        zk.getData(path, watcher, (rc, p, ctx, data, stat) -> reply.received(rc, data, stat), null));
    }

    CompletableFuture<Answer<List<String>>> children(String path) {
        return children(path, null);
    }

    CompletableFuture<Answer<List<String>>> children(String path, Watcher watcher) {
        return requests.read(
                path,
                (zk, reply) -> zk.getChildren(
                        path,
                        watcher,
                        (int rc, String p, Object ctx, List<String> children, Stat stat) ->
                                reply.received(rc, children, stat),
                        null));
    }

    CompletableFuture<Answer<Void>> stat(String path) {
        return stat(path, null);
    }

    CompletableFuture<Answer<Void>> stat(String path, Watcher watcher) {
        return requests.read(
                path,
                (zk, reply) -> zk.exists(path, watcher, (rc, p, ctx, stat) -> reply.received(rc, null, stat), null));
    }

    /** Several reads at once; from ZooKeeper 3.6 on, older servers answer UNIMPLEMENTED. Each has its own result. */
    CompletableFuture<Answer<List<OpResult>>> multiRead(String about, List<Op> reads) {
        return requests.read(
                about,
                (zk, reply) -> zk.multi(reads, (rc, p, ctx, results) -> reply.received(rc, results, null), null));
    }

    CompletableFuture<Answer<List<OpResult>>> multi(String about, List<Op> writes) {
        return requests.write(
                about,
                (zk, reply) -> zk.multi(writes, (rc, p, ctx, results) -> reply.received(rc, results, null), null));
    }

    /** The answer's value is the created path, with its number if the mode counts. */
    CompletableFuture<Answer<String>> create(String path, byte[] data, CreateMode mode) {
        return requests.write(
                path,
                (zk, reply) -> zk.create(
                        path,
                        data,
                        acls.of(path),
                        mode,
                        (int rc, String p, Object ctx, String name, Stat stat) -> reply.received(rc, name, stat),
                        null));
    }

    CompletableFuture<Answer<Void>> setData(String path, byte[] data, int version) {
        return requests.write(
                path,
                (zk, reply) ->
                        zk.setData(path, data, version, (rc, p, ctx, stat) -> reply.received(rc, null, stat), null));
    }

    CompletableFuture<Answer<Void>> delete(String path, int version) {
        return requests.write(
                path, (zk, reply) -> zk.delete(path, version, (rc, p, ctx) -> reply.received(rc, null, null), null));
    }

    /** Goes to the ensemble's leader and back: the answer proves that the session lives. */
    CompletableFuture<Answer<Void>> sync() {
        return requests.write("/", (zk, reply) -> zk.sync("/", (rc, p, ctx) -> reply.received(rc, null, null), null));
    }

    /** Watches a node and all below it until removed or the session ends; older servers answer UNIMPLEMENTED. */
    CompletableFuture<Answer<Void>> addWatch(String path, Watcher watcher) {
        return requests.read(
                path,
                (zk, reply) -> zk.addWatch(
                        path,
                        watcher,
                        AddWatchMode.PERSISTENT_RECURSIVE,
                        (rc, p, ctx) -> reply.received(rc, null, null),
                        null));
    }

    CompletableFuture<Answer<Void>> removeWatches(String path) {
        return requests.read(
                path,
                (zk, reply) -> zk.removeAllWatches(
                        path, Watcher.WatcherType.Any, true, (rc, p, ctx) -> reply.received(rc, null, null), null));
    }

    Op createOp(String path, byte[] data, CreateMode mode) {
        return Op.create(path, data, acls.of(path), mode);
    }

    /** Creates a persistent node and what is missing above it. Answers OK or, if it is there already, NODEEXISTS. */
    CompletableFuture<Answer<String>> createRecursively(String path, byte[] data) {
        return create(path, data, CreateMode.PERSISTENT).thenCompose(answer -> {
            String parent = ZnodePaths.parent(path);
            if (answer.code() != Code.NONODE || parent.isEmpty()) {
                return CompletableFuture.completedFuture(answer);
            }
            return createRecursively(parent, null).thenCompose(above -> {
                if (above.code() != Code.OK && above.code() != Code.NODEEXISTS) {
                    return CompletableFuture.completedFuture(above);
                }
                return createRecursively(path, data);
            });
        });
    }
}
