// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

import java.util.List;

/**
 * A partition as the metadata cache knows it, from the controller's last UpdateMetadata.
 *
 * @param partition the partition's index
 * @param controllerEpoch epoch of the controller that decided this state
 * @param leaderAndIsr leader, epoch, ISR and zkVersion
 * @param replicas the assigned replicas
 * @param offlineReplicas replicas whose broker is gone or whose log directory failed
 */
public record PartitionImage(
        int partition,
        int controllerEpoch,
        LeaderAndIsr leaderAndIsr,
        List<Integer> replicas,
        List<Integer> offlineReplicas) {
    public PartitionImage {
        replicas = List.copyOf(replicas);
        offlineReplicas = List.copyOf(offlineReplicas);
    }

    /** The leader's id, -1 for none. */
    public int leader() {
        return leaderAndIsr.leader();
    }

    /** The leader's epoch. */
    public int leaderEpoch() {
        return leaderAndIsr.leaderEpoch();
    }
}
