// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.event.DecisionEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what one order of the controller came to: a line for each of a few partitions, one line for all of many. */
final class RoleEvents {
    private static final int FEW = 20;
    private static final String WHY = "the controller said so";
    private static final Logger LOG = LoggerFactory.getLogger(RoleEvents.class);

    private final boolean few;
    private final int controllerEpoch;
    private int led;
    private int followed;
    private int stopped;
    private int deleted;

    /**
     * @param partitions how many the order is about
     * @param controllerEpoch of who gave it
     */
    RoleEvents(int partitions, int controllerEpoch) {
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
        DecisionEvent.of("partition-led")
                .with("partition", partition.topicPartition())
                .with("leaderEpoch", order.leaderAndIsr().leaderEpoch())
                .with("startOffset", partition.role().leaderEpochStartOffset())
                .with("highWatermark", partition.role().log().highWatermark())
                .with("isr", order.leaderAndIsr().isr())
                .with("controllerEpoch", order.controllerEpoch())
                .because(WHY);
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
        DecisionEvent.of("partition-followed")
                .with("partition", partition.topicPartition())
                .with("leader", order.leaderAndIsr().leader())
                .with("leaderEpoch", order.leaderAndIsr().leaderEpoch())
                .with("logEndOffset", partition.role().log().logEndOffset())
                .with("highWatermark", partition.role().log().highWatermark())
                .with("controllerEpoch", order.controllerEpoch())
                .because(WHY);
    }

    /** This broker neither leads nor follows a partition any more. */
    void stopped(StopReplicaCommand.Partition order) {
        stopped++;
        deleted += order.delete() ? 1 : 0;
        if (!few) {
            LOG.debug("{} is stopped, delete={}", order.topicPartition(), order.delete());
            return;
        }
        DecisionEvent.of("replica-stopped")
                .with("partition", order.topicPartition())
                .with("leaderEpoch", order.leaderEpoch())
                .with("delete", order.delete())
                .because(WHY);
    }

    /** All of the order is carried out. */
    void end() {
        if (few || led + followed + stopped == 0) {
            return;
        }
        DecisionEvent event = DecisionEvent.of("roles-changed");
        if (stopped > 0) {
            event.with("stopped", stopped).with("deleted", deleted);
        } else {
            event.with("led", led).with("followed", followed);
        }
        event.with("controllerEpoch", controllerEpoch).because(WHY);
    }
}
