// SPDX-License-Identifier: Apache-2.0
/**
 * The groups of one partition of {@code __consumer_offsets}, and the service that finds the partition.
 *
 * <p>A group has a part that is in the log and a part that is not. Offsets and the stored generation change by
 * {@link io.barnabas.coordinator.group.shard.GroupShard#replay} only, live and while loading. Members, their sessions
 * and the rebalance under way are soft state: they change at once, and a successor makes them anew from the stored
 * generation.
 *
 * <p>{@code *Decider} classes look at a group and return a {@link io.barnabas.coordinator.runtime.Decision}; they
 * change nothing. {@code *Requests}, {@code Rebalances} and {@code StaticMembers} are the steps of the membership protocol,
 * which change the soft state.
 */
package io.barnabas.coordinator.group.shard;
