// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.zookeeper.client.Answer;
import io.barnabas.coordination.zookeeper.client.Bulk;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;

/**
 * Notes left as counted children of a node: {@code <prefix>0000000042}. A lost reply may leave a note twice; no harm.
 *
 * @param parent the path of the node
 */
record SequenceNodes(Nodes nodes, GuardedWrites writes, InstantSource clock, String parent, String prefix) {
    private static final int REMOVE_BATCH = 200;

    /** A note as read. */
    record Note(String name, long sequence, Answer<byte[]> answer) {
        String path() {
            return answer.path();
        }

        byte[] data() {
            return answer.orThrow().value();
        }
    }

    CompletableFuture<Void> add(byte[] data) {
        return nodes.create(ZnodePaths.child(parent, prefix), data, CreateMode.PERSISTENT_SEQUENTIAL)
                .thenAccept(Answer::orThrow);
    }

    /** The notes numbered above the given sequence, in order; those that go away meanwhile are left out. */
    CompletableFuture<List<Note>> read(long afterSequence) {
        return names().thenCompose(names -> {
            List<String> wanted = names.stream()
                    .filter(name -> sequence(name) > afterSequence)
                    .sorted(Comparator.comparingLong(this::sequence))
                    .toList();
            return Bulk.list(wanted, name -> nodes.data(ZnodePaths.child(parent, name)))
                    .thenApply(answers -> IntStream.range(0, wanted.size())
                            .filter(i -> !answers.get(i).isMissing())
                            .mapToObj(i -> new Note(wanted.get(i), sequence(wanted.get(i)), answers.get(i)))
                            .toList());
        });
    }

    private CompletableFuture<List<String>> names() {
        return nodes.children(parent)
                .thenApply(all -> all.stream().filter(this::isNote).toList());
    }

    private boolean isNote(String name) {
        return name.startsWith(prefix)
                && name.length() > prefix.length()
                && name.substring(prefix.length()).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private long sequence(String name) {
        return Long.parseLong(name.substring(prefix.length()));
    }

    CompletableFuture<Void> remove(Collection<String> names, int controllerEpochZkVersion) {
        return Bulk.all(
                Bulk.chunks(new ArrayList<>(names), REMOVE_BATCH),
                batch -> removeBatch(batch, controllerEpochZkVersion));
    }

    /** A note removed by somebody else spoils the batch; then they go one by one. */
    private CompletableFuture<Void> removeBatch(List<String> names, int epochZkVersion) {
        var ops = names.stream()
                .map(name -> GuardedWrites.delete(ZnodePaths.child(parent, name)))
                .toList();
        return writes.write(parent, epochZkVersion, ops).thenCompose(outcome -> {
            if (outcome.isMissing()) {
                return Bulk.all(names, name -> writes.remove(ZnodePaths.child(parent, name), epochZkVersion));
            }
            outcome.orThrow();
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Removes the notes older than that by this machine's clock. */
    CompletableFuture<Void> purge(Duration age) {
        long oldestMs = clock.millis() - age.toMillis();
        return names().thenCompose(names -> Bulk.all(names, name -> purge(ZnodePaths.child(parent, name), oldestMs)));
    }

    private CompletableFuture<Void> purge(String path, long oldestMs) {
        return nodes.stat(path).thenCompose(answer -> {
            boolean isOld = !answer.isMissing() && answer.orThrow().stat().getCtime() < oldestMs;
            return isOld ? nodes.delete(path, -1) : CompletableFuture.completedFuture(null);
        });
    }
}
