// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.controller.decide.DeletionProgress.Deletion;
import io.barnabas.coordination.controller.decide.DeletionProgress.Progress;
import io.barnabas.coordination.controller.decide.DeletionProgress.Replica;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.picture.TopicEntry;
import java.util.ArrayList;
import java.util.List;

/** What is next in a topic's deletion. */
public final class TopicDeletionDecider {
    private final ClusterPicture picture;
    private final boolean withoutDeadReplicas;

    /**
     * @param picture what is known of the cluster
     * @param withoutDeadReplicas whether a deletion completes although brokers with replicas are gone
     */
    public TopicDeletionDecider(ClusterPicture picture, boolean withoutDeadReplicas) {
        this.picture = picture;
        this.withoutDeadReplicas = withoutDeadReplicas;
    }

    /** The next step of a topic that exists and is queued. */
    public Step next(TopicEntry topic, Deletion deletion) {
        List<Replica> alive = new ArrayList<>();
        List<Replica> dead = new ArrayList<>();
        for (PartitionEntry partition : topic.partitions().values()) {
            for (int broker : partition.replicas()) {
                Replica replica = new Replica(partition.id(), broker);
                if (deletion.progress(replica) != Progress.DONE) {
                    (picture.takesOrders(broker, partition) ? alive : dead).add(replica);
                }
            }
        }
        if (alive.isEmpty() && (dead.isEmpty() || withoutDeadReplicas)) {
            return new Step(Kind.COMPLETE, alive, dead);
        }
        if (deletion.isRunning() || deletion.isBlocked()) {
            return new Step(Kind.WAIT, alive, dead);
        }
        return new Step(Kind.STOP_REPLICAS, alive, dead);
    }

    /** What kind of step. */
    public enum Kind {
        /** All replicas are gone: the topic goes too. */
        COMPLETE,
        /** Live replicas are to be deleted. */
        STOP_REPLICAS,
        /** Something is under way or in the way. */
        WAIT
    }

    /**
     * The next step.
     *
     * @param kind what to do
     * @param alive replicas yet to be deleted whose broker and directory are there
     * @param dead replicas yet to be deleted that cannot be reached
     */
    public record Step(Kind kind, List<Replica> alive, List<Replica> dead) {}
}
