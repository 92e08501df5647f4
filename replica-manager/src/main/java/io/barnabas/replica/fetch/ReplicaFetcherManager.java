// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Spreads partitions over fetchers: {@code num.replica.fetchers} per leader, a partition always on the same of them.
 * Its lock guards only who fetches what; fetching itself is the loops' business.
 */
public final class ReplicaFetcherManager implements ReplicaFetchers {
    /** Compares by hand, as {@link LeaderAddress} does: this is asked for every partition of an order. */
    private record LoopKey(LeaderAddress leader, int fetcherId) {
        @Override
        public boolean equals(Object other) {
            return other instanceof LoopKey that && fetcherId == that.fetcherId && leader.equals(that.leader);
        }

        @Override
        public int hashCode() {
            return leader.hashCode() * 31 + fetcherId;
        }
    }

    private record Placement(LoopKey key, FetchAssignment assignment) {}

    private final LeaderEndPoint.Factory endPoints;
    private final FetcherEnvironment environment;
    private final Map<LoopKey, FetcherLoop> loops = new HashMap<>();
    private final Map<TopicPartition, Placement> placements = new HashMap<>();
    private final Set<TopicPartition> parked = ConcurrentHashMap.newKeySet();
    private FetcherConfig config;
    private boolean closed;

    public ReplicaFetcherManager(
            LeaderEndPoint.Factory endPoints, FetcherConfig config, FetcherEnvironment environment) {
        this.endPoints = endPoints;
        this.config = config;
        this.environment = environment;
    }

    /** Synchronised: who fetches what is one state of several maps, changed by orders and by loops. */
    @CanIgnoreReturnValue
    private synchronized <T> T exclusively(Supplier<T> work) {
        return work.get();
    }

    /** The fetcher a partition belongs to, as in Kafka. */
    static int fetcherId(TopicPartition partition, int fetchersPerLeader) {
        return Utils.abs(31 * partition.topic().hashCode() + partition.partition()) % fetchersPerLeader;
    }

    @Override
    public void add(Collection<FetchAssignment> assignments) {
        exclusively(() -> {
            if (!closed) {
                place(assignments);
            }
            return null;
        });
    }

    private void place(Collection<FetchAssignment> assignments) {
        List<Placement> free = new ArrayList<>();
        Map<FetcherLoop, List<Placement>> held = new HashMap<>();
        for (FetchAssignment assignment : assignments) {
            TopicPartition partition = assignment.topicPartition();
            LoopKey key = new LoopKey(assignment.leader(), fetcherId(partition, config.fetchersPerLeader()));
            Placement placement = new Placement(key, assignment);
            Placement before = placements.put(partition, placement);
            parked.remove(partition);
            FetcherLoop former = before == null || before.key().equals(key) ? null : loops.get(before.key());
            if (former == null) {
                free.add(placement);
            } else {
                held.computeIfAbsent(former, f -> new ArrayList<>()).add(placement);
            }
        }
        start(free);
        held.forEach((former, moved) -> former.remove(partitionsOf(moved)).thenRun(() -> addMoved(moved)));
    }

    private static List<TopicPartition> partitionsOf(List<Placement> moved) {
        return moved.stream()
                .map(placement -> placement.assignment().topicPartition())
                .toList();
    }

    /** The fetcher before has let go of the partitions: two must never write to one log. */
    private void addMoved(List<Placement> moved) {
        exclusively(() -> {
            start(moved.stream()
                    .filter(placement -> placement.equals(
                            placements.get(placement.assignment().topicPartition())))
                    .toList());
            return null;
        });
    }

    /** Together, so that a fetcher's first fetch already names all of them. */
    private void start(List<Placement> placed) {
        Map<LoopKey, List<FetchAssignment>> byLoop = new HashMap<>();
        placed.forEach(placement ->
                byLoop.computeIfAbsent(placement.key(), k -> new ArrayList<>()).add(placement.assignment()));
        byLoop.forEach((key, added) -> loops.computeIfAbsent(key, this::open).add(added));
    }

    private FetcherLoop open(LoopKey key) {
        LeaderEndPoint leader = endPoints.open(key.leader(), key.fetcherId());
        return new FetcherLoop(leader, key.fetcherId(), config, environment, this::park);
    }

    private void park(FetchAssignment assignment) {
        exclusively(() -> {
            Placement placement = placements.get(assignment.topicPartition());
            if (placement != null && placement.assignment().equals(assignment)) {
                parked.add(assignment.topicPartition());
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> remove(Collection<TopicPartition> partitions) {
        return exclusively(() -> {
            Map<FetcherLoop, List<TopicPartition>> byLoop = new HashMap<>();
            for (TopicPartition partition : partitions) {
                parked.remove(partition);
                Placement placement = placements.remove(partition);
                FetcherLoop loop = placement == null ? null : loops.get(placement.key());
                if (loop != null) {
                    byLoop.computeIfAbsent(loop, l -> new ArrayList<>()).add(partition);
                }
            }
            List<CompletableFuture<Void>> removals = new ArrayList<>(byLoop.size());
            byLoop.forEach((loop, removed) -> removals.add(loop.remove(removed)));
            return CompletableFuture.allOf(removals.toArray(CompletableFuture[]::new));
        });
    }

    @Override
    public void shutdownIdle() {
        exclusively(() -> {
            Set<LoopKey> used = new HashSet<>();
            placements.values().forEach(placement -> used.add(placement.key()));
            loops.entrySet().removeIf(entry -> {
                boolean idle = !used.contains(entry.getKey());
                if (idle) {
                    entry.getValue().stop();
                }
                return idle;
            });
            return null;
        });
    }

    @Override
    public int failedPartitions() {
        return parked.size();
    }

    @Override
    public long maxLag() {
        return exclusively(() -> {
            return loops.values().stream().mapToLong(FetcherLoop::maxLag).max().orElse(0L);
        });
    }

    @Override
    public void resize(int fetchersPerLeader) {
        exclusively(() -> {
            if (fetchersPerLeader != config.fetchersPerLeader() && !closed) {
                config = config.withFetchersPerLeader(fetchersPerLeader);
                place(placements.values().stream()
                        .filter(placement ->
                                !parked.contains(placement.assignment().topicPartition()))
                        .map(Placement::assignment)
                        .toList());
                shutdownIdle();
            }
            return null;
        });
    }

    @Override
    public void close() {
        exclusively(() -> {
            closed = true;
            loops.values().forEach(FetcherLoop::stop);
            loops.clear();
            placements.clear();
            return null;
        });
    }
}
