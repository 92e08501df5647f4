// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.controller.event.PartitionEvents;
import io.barnabas.coordination.controller.event.PartitionEvents.IsrChanged;
import io.barnabas.coordination.controller.event.PartitionEvents.LeaderElected;
import io.barnabas.coordination.controller.event.PartitionEvents.LeaderEpochRaised;
import io.barnabas.coordination.controller.event.PartitionEvents.LeaderLost;
import io.barnabas.coordination.controller.event.PartitionEvents.UncleanLeaderElected;
import io.barnabas.coordination.event.Event;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Tells what one event decided for its partitions: one record each for a few, one for all of many. */
final class DecisionLog {
    private static final int BULK = 20;

    private final EventSink events;
    private final int controllerEpoch;
    private final String why;
    private final List<Change> changes = new ArrayList<>();

    DecisionLog(EventSink events, int controllerEpoch, String why) {
        this.events = events;
        this.controllerEpoch = controllerEpoch;
        this.why = why;
    }

    void changed(PartitionEntry partition, LeaderAndIsr before, LeaderAndIsr after, boolean unclean) {
        changes.add(new Change(partition.id(), before, after, unclean));
    }

    void emit(Map<PartitionEntry, String> refused) {
        if (changes.size() <= BULK) {
            changes.forEach(change -> events.record(event(change)));
        } else {
            emitMany();
            changes.stream().filter(c -> c.unclean).limit(BULK).forEach(change -> events.record(event(change)));
        }
        refused.entrySet().stream()
                .limit(BULK)
                .forEach(entry -> events.record(new PartitionEvents.NoLeaderElected(
                        entry.getKey().id(), entry.getKey().leader(), controllerEpoch, why, entry.getValue())));
        if (refused.size() > BULK) {
            events.record(new PartitionEvents.NoLeadersElected(refused.size(), controllerEpoch, why));
        }
    }

    private void emitMany() {
        long elected = changes.stream().filter(Change::isElection).count();
        long unclean = changes.stream().filter(c -> c.unclean).count();
        long leaderless = changes.stream().filter(c -> !c.after.hasLeader()).count();
        events.record(new PartitionEvents.PartitionsChanged(
                changes.size(), elected, unclean, leaderless, controllerEpoch, why));
    }

    private Event event(Change c) {
        TopicPartition id = c.partition;
        LeaderAndIsr now = c.after;
        int leader = now.leader();
        int leaderEpoch = now.leaderEpoch();
        int version = now.partitionEpoch();
        List<Integer> isr = now.isr();
        Optional<Integer> oldLeader = Optional.ofNullable(c.before).map(LeaderAndIsr::leader);
        Optional<List<Integer>> oldIsr = Optional.ofNullable(c.before).map(LeaderAndIsr::isr);
        int epoch = controllerEpoch;
        if (c.unclean) {
            return new UncleanLeaderElected(id, leader, leaderEpoch, isr, oldLeader, oldIsr, version, epoch, why);
        }
        if (!now.hasLeader()) {
            return new LeaderLost(id, leader, leaderEpoch, isr, oldLeader, oldIsr, version, epoch, why);
        }
        if (c.isElection()) {
            return new LeaderElected(id, leader, leaderEpoch, isr, oldLeader, oldIsr, version, epoch, why);
        }
        if (c.before.isr().equals(isr)) {
            return new LeaderEpochRaised(id, leader, leaderEpoch, isr, oldLeader, oldIsr, version, epoch, why);
        }
        return new IsrChanged(id, leader, leaderEpoch, isr, oldLeader, oldIsr, version, epoch, why);
    }

    private record Change(TopicPartition partition, LeaderAndIsr before, LeaderAndIsr after, boolean unclean) {
        /** Whether another replica leads than before. */
        boolean isElection() {
            return after.hasLeader() && (unclean || before == null || before.leader() != after.leader());
        }
    }
}
