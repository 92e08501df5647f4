// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.cluster.LeaderAndIsr;

/**
 * A partition's state as stored.
 *
 * @param leaderAndIsr leader, epoch, ISR; its partition epoch is the node's version, which an update names as its condition
 * @param controllerEpoch the term of the controller that decided it
 */
public record StoredPartitionState(LeaderAndIsr leaderAndIsr, int controllerEpoch) {}
