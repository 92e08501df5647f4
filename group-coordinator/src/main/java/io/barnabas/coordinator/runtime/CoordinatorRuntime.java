// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/**
 * The shards of one internal topic led by this broker. Safe to call on any thread; never blocks.
 *
 * @param <R> the records of the topic
 * @param <S> the kind of shard
 */
public final class CoordinatorRuntime<R, S extends CoordinatorShard<R>> implements AutoCloseable {
    private final ShardSetup<R, S> setup;
    private final CoordinatorEnvironment environment;
    private final Map<Integer, ShardLoop<R, S>> loops = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** No partition is led here before {@link #onElection} says so. */
    public CoordinatorRuntime(ShardSetup<R, S> setup, CoordinatorEnvironment environment) {
        this.setup = setup;
        this.environment = environment;
    }

    /** The partition whose leader coordinates what has this name. */
    public int partitionFor(String name) {
        return Utils.abs(name.hashCode()) % environment.partitionCount().getAsInt();
    }

    /**
     * What is asked of a shard.
     *
     * @param <R> the records of the topic
     * @param <S> the kind of shard
     * @param <T> the kind of answer
     */
    @FunctionalInterface
    public interface Question<R, S, T> {
        /** Decides, on the shard's loop. The answer is part of the decision, or of what follows from it later. */
        Decision<R> ask(S shard, Consumer<T> answer, long nowMs);
    }

    /**
     * Asks the partition's shard, after all that was asked of it before.
     *
     * @param onError the answer if the question does not reach the shard, see {@link ShardCommand#reject}
     * @return completes with the answer, on the shard's loop or, if refused, on any thread; never fails
     */
    public <T> CompletableFuture<T> ask(int partition, Function<Errors, T> onError, Question<R, S, T> question) {
        CompletableFuture<T> future = new CompletableFuture<>();
        submit(partition, new ShardCommand<>() {
            @Override
            public Decision<R> execute(S shard, long nowMs) {
                return question.ask(shard, future::complete, nowMs);
            }

            @Override
            public void reject(Errors error) {
                future.complete(onError.apply(error));
            }
        });
        return future;
    }

    /**
     * Asks all shards that take commands now.
     *
     * @param question asked of each; a shard that is unloaded meanwhile has nothing to list
     * @return completes with all answers together, in the order of the partitions; never fails
     */
    public <T> CompletableFuture<List<T>> askAll(Question<R, S, List<T>> question) {
        List<CompletableFuture<List<T>>> parts = new ArrayList<>();
        for (int partition : activePartitions()) {
            parts.add(ask(partition, rejection -> List.of(), question));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    List<T> all = new ArrayList<>();
                    parts.forEach(part -> all.addAll(part.join()));
                    return all;
                });
    }

    /** Hands a command to the partition's shard, after all that were handed to it before. */
    public void submit(int partition, ShardCommand<R, S> command) {
        ShardLoop<R, S> loop = loops.get(partition);
        if (closed) {
            command.reject(Errors.COORDINATOR_NOT_AVAILABLE);
        } else if (loop == null) {
            command.reject(Errors.NOT_COORDINATOR);
        } else {
            loop.submit(command);
        }
    }

    /** The partition is led here from this leader epoch on; a known or older epoch changes nothing. */
    public void onElection(int partition, int leaderEpoch) {
        loops.computeIfAbsent(
                        partition,
                        index -> new ShardLoop<>(new TopicPartition(setup.topic(), index), setup, environment))
                .onElection(leaderEpoch);
    }

    /**
     * The partition is no longer led here.
     *
     * @param leaderEpoch the epoch that says so; an older one than the shard's changes nothing. Empty always counts
     */
    public void onResignation(int partition, OptionalInt leaderEpoch) {
        ShardLoop<R, S> loop = loops.get(partition);
        if (loop != null) {
            loop.onResignation(leaderEpoch);
        }
    }

    /** The internal topic. */
    public String topic() {
        return setup.topic();
    }

    /** The partitions whose shards take commands now. */
    public List<Integer> activePartitions() {
        return loops.entrySet().stream()
                .filter(entry -> entry.getValue().isActive())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Whether any shard is being loaded. */
    public boolean isLoading() {
        return loops.values().stream().anyMatch(ShardLoop::isLoading);
    }

    /** Answers everyone who waits with COORDINATOR_NOT_AVAILABLE; takes no more commands. */
    @Override
    public void close() {
        closed = true;
        loops.values().forEach(ShardLoop::close);
    }
}
