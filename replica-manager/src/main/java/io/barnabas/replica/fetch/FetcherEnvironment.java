// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.coordination.event.EventSink;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What fetchers need of the process.
 *
 * @param clock time
 * @param timer wakes delayed partitions; its tasks are short
 * @param disk where logs are cut: anything but an event loop
 * @param quota the follower's replication throttle
 * @param events where decisions are told
 */
public record FetcherEnvironment(
        InstantSource clock, ScheduledExecutorService timer, Executor disk, ReplicationQuota quota, EventSink events) {}
