// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.controller.TopicDeletions.Deletion;
import io.barnabas.coordination.controller.TopicDeletions.Progress;
import io.barnabas.coordination.controller.TopicDeletions.Replica;
import java.util.ArrayList;
import java.util.List;

/** What is next in a topic's deletion. */
final class TopicDeletionDecider {
    private final ControllerState state;
    private final boolean withoutDeadReplicas;

    TopicDeletionDecider(ControllerState state, boolean withoutDeadReplicas) {
        this.state = state;
        this.withoutDeadReplicas = withoutDeadReplicas;
    }

    /** The next step of a topic that exists and is queued. */
    Step next(TopicEntry topic, Deletion deletion) {
        List<Replica> alive = new ArrayList<>();
        List<Replica> dead = new ArrayList<>();
        for (PartitionEntry partition : topic.partitions.values()) {
            for (int broker : partition.replicas()) {
                Replica replica = new Replica(partition.id, broker);
                if (deletion.replicas.get(replica) != Progress.DONE) {
                    (state.isOnlineOrShuttingDown(broker, partition) ? alive : dead).add(replica);
                }
            }
        }
        if (alive.isEmpty() && (dead.isEmpty() || withoutDeadReplicas)) {
            return new Step(Kind.COMPLETE, alive, dead);
        }
        if (deletion.isRunning() || deletion.blockedBecause != null) {
            return new Step(Kind.WAIT, alive, dead);
        }
        return new Step(Kind.STOP_REPLICAS, alive, dead);
    }

    /** What kind of step. */
    enum Kind {
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
    record Step(Kind kind, List<Replica> alive, List<Replica> dead) {}
}
