// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The shards of one internal topic led by this broker. Safe to call on any thread; never blocks.
 *
 * @param <S> the kind of shard
 */
public final class CoordinatorRuntime<S extends CoordinatorShard> implements AutoCloseable {
    private final String topic;
    private final ShardEnvironment<S> environment;
    private final Map<Integer, ShardLoop<S>> loops = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param topic the internal topic, such as {@code __consumer_offsets} */
    public CoordinatorRuntime(String topic, ShardEnvironment<S> environment) {
        this.topic = topic;
        this.environment = environment;
    }

    /** Hands a command to the partition's shard, after all that were handed to it before. */
    public void submit(int partition, ShardCommand<S> command) {
        ShardLoop<S> loop = loops.get(partition);
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
        loops.computeIfAbsent(partition, index -> new ShardLoop<>(new TopicPartition(topic, index), environment))
                .onElection(leaderEpoch);
    }

    /**
     * The partition is no longer led here.
     *
     * @param leaderEpoch the epoch that says so; an older one than the shard's changes nothing. Empty always counts
     */
    public void onResignation(int partition, OptionalInt leaderEpoch) {
        ShardLoop<S> loop = loops.get(partition);
        if (loop != null) {
            loop.onResignation(leaderEpoch);
        }
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
