// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tells what one event decided for its partitions: one line each for a few, one line for all of many. */
final class DecisionLog {
    private static final int BULK = 20;

    private final int controllerEpoch;
    private final String why;
    private final List<Change> changes = new ArrayList<>();

    DecisionLog(int controllerEpoch, String why) {
        this.controllerEpoch = controllerEpoch;
        this.why = why;
    }

    void changed(PartitionEntry partition, LeaderAndIsr before, LeaderAndIsr after, boolean unclean) {
        changes.add(new Change(partition, before, after, unclean));
    }

    void emit(Map<PartitionEntry, String> refused) {
        if (changes.size() <= BULK) {
            changes.forEach(this::emitOne);
        } else {
            emitMany();
        }
        changes.stream()
                .filter(c -> c.unclean && changes.size() > BULK)
                .limit(BULK)
                .forEach(this::emitOne);
        refused.entrySet().stream().limit(BULK).forEach(entry -> DecisionEvent.of("no-leader-elected")
                .with("partition", entry.getKey())
                .with("leader", entry.getKey().leader())
                .with("controllerEpoch", controllerEpoch)
                .with("trigger", why)
                .because(entry.getValue()));
        if (refused.size() > BULK) {
            DecisionEvent.of("no-leaders-elected")
                    .with("partitions", refused.size())
                    .with("controllerEpoch", controllerEpoch)
                    .because(why);
        }
    }

    private void emitOne(Change change) {
        DecisionEvent event = DecisionEvent.of(change.kind())
                .with("partition", change.partition)
                .with("leader", change.after.leader())
                .with("leaderEpoch", change.after.leaderEpoch())
                .with("isr", change.after.isr());
        if (change.before != null) {
            event.with("formerLeader", change.before.leader()).with("formerIsr", change.before.isr());
        }
        event.with("partitionEpoch", change.after.partitionEpoch())
                .with("controllerEpoch", controllerEpoch)
                .because(why);
    }

    private void emitMany() {
        long elected = changes.stream()
                .filter(c -> c.kind().endsWith("leader-elected") && c.after.hasLeader())
                .count();
        DecisionEvent.of("partitions-changed")
                .with("partitions", changes.size())
                .with("leadersElected", elected)
                .with("unclean", changes.stream().filter(c -> c.unclean).count())
                .with(
                        "leaderless",
                        changes.stream().filter(c -> !c.after.hasLeader()).count())
                .with("controllerEpoch", controllerEpoch)
                .because(why);
    }

    private record Change(PartitionEntry partition, LeaderAndIsr before, LeaderAndIsr after, boolean unclean) {
        String kind() {
            if (unclean) {
                return "unclean-leader-elected";
            }
            if (!after.hasLeader()) {
                return "leader-lost";
            }
            if (before == null || before.leader() != after.leader()) {
                return "leader-elected";
            }
            return before.isr().equals(after.isr()) ? "leader-epoch-raised" : "isr-changed";
        }
    }
}
