// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/** Notes left as counted children of a node: {@code <prefix>0000000042}. A lost reply may leave a note twice; no harm. */
final class SequenceNodes {
    private static final int REMOVE_BATCH = 200;

    private final Nodes nodes;
    private final GuardedWrites writes;
    private final InstantSource clock;
    private final String parent;
    private final String prefix;

    SequenceNodes(Nodes nodes, GuardedWrites writes, InstantSource clock, String parent, String prefix) {
        this.nodes = nodes;
        this.writes = writes;
        this.clock = clock;
        this.parent = parent;
        this.prefix = prefix;
    }

    /** A note as read. */
    static final class Note {
        private final String name;
        private final long sequence;
        private final Answer<byte[]> answer;

        Note(String name, long sequence, Answer<byte[]> answer) {
            this.name = name;
            this.sequence = sequence;
            this.answer = answer;
        }

        String name() {
            return name;
        }

        long sequence() {
            return sequence;
        }

        String path() {
            return answer.path();
        }

        byte[] data() {
            return answer.value();
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
            return Futures.list(wanted, name -> nodes.data(ZnodePaths.child(parent, name)))
                    .thenApply(answers -> notes(wanted, answers));
        });
    }

    private List<Note> notes(List<String> names, List<Answer<byte[]>> answers) {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!answers.get(i).isMissing()) {
                String name = names.get(i);
                notes.add(new Note(name, sequence(name), answers.get(i).orThrow()));
            }
        }
        return notes;
    }

    private CompletableFuture<List<String>> names() {
        return nodes.children(parent).thenApply(answer -> {
            List<String> all = answer.isMissing() ? List.of() : answer.orThrow().value();
            return all.stream().filter(this::isNote).toList();
        });
    }

    private boolean isNote(String name) {
        if (!name.startsWith(prefix) || name.length() == prefix.length()) {
            return false;
        }
        return name.substring(prefix.length()).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private long sequence(String name) {
        return Long.parseLong(name.substring(prefix.length()));
    }

    CompletableFuture<Void> remove(Collection<String> names, int controllerEpochZkVersion) {
        return Futures.all(
                Futures.chunks(new ArrayList<>(names), REMOVE_BATCH),
                batch -> removeBatch(batch, controllerEpochZkVersion));
    }

    /** A note removed by somebody else spoils the batch; then they go one by one. */
    private CompletableFuture<Void> removeBatch(List<String> names, int epochZkVersion) {
        List<Op> ops = names.stream()
                .map(name -> Op.delete(ZnodePaths.child(parent, name), -1))
                .toList();
        return writes.write(parent, epochZkVersion, ops).thenCompose(outcome -> {
            if (outcome.fenced() || outcome.code() != Code.NONODE) {
                outcome.orThrow();
                return CompletableFuture.completedFuture(null);
            }
            return names.size() == 1
                    ? CompletableFuture.completedFuture(null)
                    : Futures.all(names, name -> removeBatch(List.of(name), epochZkVersion));
        });
    }

    /** Removes the notes older than that by this machine's clock. */
    CompletableFuture<Void> purge(Duration age) {
        long oldestMs = clock.millis() - age.toMillis();
        return names().thenCompose(
                        names -> Futures.all(names, name -> purge(ZnodePaths.child(parent, name), oldestMs)));
    }

    private CompletableFuture<Void> purge(String path, long oldestMs) {
        return nodes.stat(path).thenCompose(answer -> {
            if (answer.isMissing() || answer.orThrow().stat().getCtime() >= oldestMs) {
                return CompletableFuture.completedFuture(null);
            }
            return nodes.delete(path, -1).thenAccept(deleted -> {
                if (!deleted.isMissing()) {
                    deleted.orThrow();
                }
            });
        });
    }
}
