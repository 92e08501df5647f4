// SPDX-License-Identifier: Apache-2.0
/**
 * What every coordinator runs on: one loop per partition of an internal topic.
 *
 * <p>A {@link io.barnabas.coordinator.runtime.CoordinatorShard} is a plain state machine. Its loop hands it one command
 * at a time and carries out the {@link io.barnabas.coordinator.runtime.Decision} it returns: the records are noted as
 * under way and appended, replayed by the shard once they are committed, and then the caller is answered. The state
 * that is in the log changes by replay only, also while loading; what else a shard keeps is soft state, such as
 * sessions of members, and may change at any step. Loops share a few threads: a loop occupies one only while its
 * mailbox has something in it.
 *
 * <p>Becoming leader loads a fresh shard from the log, beside all others; resigning drops it and answers everyone who
 * waits. Both are fenced by the partition's leader epoch.
 */
package io.barnabas.coordinator.runtime;
