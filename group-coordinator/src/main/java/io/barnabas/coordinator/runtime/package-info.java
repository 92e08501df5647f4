// SPDX-License-Identifier: Apache-2.0
/**
 * What every coordinator runs on: one loop per partition of an internal topic.
 *
 * <p>A {@link io.barnabas.coordinator.runtime.CoordinatorShard} is a plain state machine. Its loop hands it one command
 * at a time, appends the records it asks for, and tells it when they are committed; only then the state changes and
 * the caller is answered. Loops share a few threads: a loop occupies one only while its mailbox has something in it.
 *
 * <p>Becoming leader loads a fresh shard from the log, beside all others; resigning drops it and answers everyone who
 * waits. Both are fenced by the partition's leader epoch.
 */
package io.barnabas.coordinator.runtime;
