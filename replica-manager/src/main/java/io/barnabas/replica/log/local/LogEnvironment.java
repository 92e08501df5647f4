// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.producer.ProducerExpiry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What all logs of a broker share.
 *
 * @param clock the broker's time
 * @param background where deletions, flushes and other slow work run
 * @param random chance, for the roll jitter
 * @param expiry when producers are forgotten
 * @param failures told of IO errors
 * @param rooms how much may still be appended in a log directory
 * @param starts writes raised log start offsets to disk
 * @param futureMaxMs how far after its file's last modification a segment's largest timestamp counts; -1 for no bound
 * @param blocks how disk blocks are reserved ahead of what is appended
 * @param events where decisions are told
 */
public record LogEnvironment(
        InstantSource clock,
        ScheduledExecutorService background,
        RandomGenerator random,
        ProducerExpiry expiry,
        StorageFailures failures,
        Function<Path, DiskSpace> rooms,
        StartOffsetKeeper starts,
        long futureMaxMs,
        BlocksAhead.Policy blocks,
        EventSink events) {}
