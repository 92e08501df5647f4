// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordinator.record.RecordCodec;
import java.util.function.IntFunction;

/**
 * What makes a coordinator the one it is.
 *
 * @param topic the internal topic, such as {@code __consumer_offsets}
 * @param codec how its records are written
 * @param shards makes an empty shard for a partition
 * @param config how the loops run
 * @param <R> the records of the topic
 * @param <S> the kind of shard
 */
public record ShardSetup<R, S extends CoordinatorShard<R>>(
        String topic, RecordCodec<R> codec, IntFunction<S> shards, RuntimeConfig config) {}
