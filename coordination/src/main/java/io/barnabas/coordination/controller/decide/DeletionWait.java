// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.controller.decide.DeletionProgress.Deletion;
import io.barnabas.coordination.controller.decide.DeletionProgress.Progress;
import io.barnabas.coordination.controller.decide.DeletionProgress.Replica;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Says of a queued deletion what it waits for, and for which brokers. */
public final class DeletionWait {
    private DeletionWait() {}

    /** One sentence for people, of a topic the controller knows. */
    public static String shown(ClusterPicture picture, Deletion deletion) {
        Set<Integer> down = new TreeSet<>();
        Set<Integer> failed = new TreeSet<>();
        Set<Integer> asked = new TreeSet<>();
        for (PartitionEntry partition :
                picture.topic(deletion.topic()).orElseThrow().partitions().values()) {
            for (int broker : partition.replicas()) {
                Progress progress = deletion.progress(new Replica(partition.id(), broker));
                if (progress == Progress.DONE) {
                    continue;
                }
                if (!picture.isRegistered(broker)) {
                    down.add(broker);
                } else {
                    (progress == Progress.FAILED ? failed : asked).add(broker);
                }
            }
        }
        List<String> reasons = new ArrayList<>();
        add(reasons, down, "are down");
        add(reasons, failed, "could not delete their replicas");
        add(reasons, asked, "have yet to delete their replicas");
        return reasons.isEmpty() ? "Its replicas are gone." : "It waits: " + String.join("; ", reasons) + ".";
    }

    private static void add(List<String> reasons, Set<Integer> brokers, String what) {
        if (!brokers.isEmpty()) {
            reasons.add("brokers " + brokers + " " + what);
        }
    }
}
