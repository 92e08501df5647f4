// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.event.EventSink;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what one order of the controller came to: a line for each of a few partitions, one line for all of many. */
final class RoleEvents {
    private static final int FEW = 20;
    private static final String WHY = "the controller said so";
    private static final Logger LOG = LoggerFactory.getLogger(RoleEvents.class);

    private final EventSink events;
    private final boolean few;
    private final int controllerEpoch;
    private int led;
    private int followed;
    private int stopped;
    private int deleted;

    /**
     * @param events where it is told
     * @param partitions how many the order is about
     * @param controllerEpoch of who gave it
     */
    RoleEvents(EventSink events, int partitions, int controllerEpoch) {
        this.events = events;
        this.few = partitions <= FEW;
        this.controllerEpoch = controllerEpoch;
    }

    /** This broker leads a partition, under a new epoch or for the first time. */
    void led(Partition partition, LeaderAndIsrCommand.Partition order) {
        led++;
        if (!few) {
            LOG.debug(
                    "{} is led in epoch {}",
                    partition.topicPartition(),
                    order.leaderAndIsr().leaderEpoch());
            return;
        }
        events.record(new ReplicaEvents.PartitionLed(
                partition.topicPartition(),
                order.leaderAndIsr().leaderEpoch(),
                partition.role().leaderEpochStartOffset(),
                partition.role().log().highWatermark(),
                order.leaderAndIsr().isr(),
                order.controllerEpoch(),
                WHY));
    }

    /** This broker follows the leader of a new epoch. */
    void followed(Partition partition, LeaderAndIsrCommand.Partition order) {
        followed++;
        if (!few) {
            LOG.debug(
                    "{} follows {} in epoch {}",
                    partition.topicPartition(),
                    order.leaderAndIsr().leader(),
                    order.leaderAndIsr().leaderEpoch());
            return;
        }
        events.record(new ReplicaEvents.PartitionFollowed(
                partition.topicPartition(),
                order.leaderAndIsr().leader(),
                order.leaderAndIsr().leaderEpoch(),
                partition.role().log().logEndOffset(),
                partition.role().log().highWatermark(),
                order.controllerEpoch(),
                WHY));
    }

    /** This broker neither leads nor follows a partition any more. */
    void stopped(StopReplicaCommand.Partition order) {
        stopped++;
        deleted += order.delete() ? 1 : 0;
        if (!few) {
            LOG.debug("{} is stopped, delete={}", order.topicPartition(), order.delete());
            return;
        }
        events.record(
                new ReplicaEvents.ReplicaStopped(order.topicPartition(), order.leaderEpoch(), order.delete(), WHY));
    }

    /** All of the order is carried out. */
    void end() {
        if (few || led + followed + stopped == 0) {
            return;
        }
        Map<String, Integer> change = new LinkedHashMap<>();
        if (stopped > 0) {
            change.put("stopped", stopped);
            change.put("deleted", deleted);
        } else {
            change.put("led", led);
            change.put("followed", followed);
        }
        events.record(new ReplicaEvents.RolesChanged(Collections.unmodifiableMap(change), controllerEpoch, WHY));
    }
}
