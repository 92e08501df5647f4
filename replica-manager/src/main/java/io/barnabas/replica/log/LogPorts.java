// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import io.barnabas.coordination.event.EventSink;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * What the logs of a broker need of the rest of the process. All of it may be used by any thread.
 *
 * @param configs the topics' configurations
 * @param clock the time of day
 * @param background runs the periodic work, deletions and flushes; closed by its owner after the log manager
 * @param threads makes the threads that load, close and compact logs; they are named by whoever has them made
 * @param random chance nobody can foresee: names of directories, roll jitter, keys of hashes
 * @param events where decisions are told
 * @param failures hears of log directories that fail
 */
public record LogPorts(
        LogConfigSource configs,
        InstantSource clock,
        ScheduledExecutorService background,
        ThreadFactory threads,
        RandomGenerator random,
        EventSink events,
        LogDirFailureListener failures) {}
