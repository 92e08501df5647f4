// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Orders to lead or follow that could not be carried out yet: the latest for each partition, until it is carried out or
 * superseded by a later order. Bounded by the partitions this broker is to have. Owned by the control plane's loop.
 */
final class DeferredOrders {
    /** An order, and the command it came in. */
    private record Deferred(LeaderAndIsrCommand command, LeaderAndIsrCommand.Partition order) {}

    private final Map<TopicPartition, Deferred> waiting = new LinkedHashMap<>();

    /** A command was tried: what it could not do is kept, what it did or was refused is not waited for any more. */
    void tried(LeaderAndIsrCommand command, LeaderAndIsrCommand.Outcome outcome) {
        if (outcome.error() != Errors.NONE) {
            forget(command);
            return;
        }
        if (command.full()) {
            waiting.clear();
        }
        for (LeaderAndIsrCommand.Partition order : command.partitions()) {
            TopicPartition name = order.topicPartition();
            if (outcome.partitionErrors().get(name) == LeaderAndIsrCommand.NOT_YET) {
                waiting.put(name, new Deferred(command, order));
            } else {
                waiting.remove(name);
            }
        }
    }

    /** A command as a whole was refused: those of its orders that wait came from a former controller or registration. */
    private void forget(LeaderAndIsrCommand command) {
        command.partitions()
                .forEach(order -> waiting.computeIfPresent(
                        order.topicPartition(),
                        (name, deferred) -> deferred.order().equals(order) ? null : deferred));
    }

    /** Replicas were stopped: what they were ordered before is over. */
    void stopped(StopReplicaCommand command) {
        command.partitions().forEach(stop -> waiting.remove(stop.topicPartition()));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The topics whose settings are waited for. */
    Set<String> topics() {
        Set<String> topics = new HashSet<>();
        waiting.keySet().forEach(name -> topics.add(name.topic()));
        return topics;
    }

    /** What waits, as commands of the controllers that sent it; never full ones, as they name not all of their replicas. */
    List<LeaderAndIsrCommand> commands() {
        Map<LeaderAndIsrCommand, List<LeaderAndIsrCommand.Partition>> byCommand = new LinkedHashMap<>();
        waiting.values().forEach(deferred -> byCommand
                .computeIfAbsent(deferred.command(), command -> new ArrayList<>())
                .add(deferred.order()));
        List<LeaderAndIsrCommand> commands = new ArrayList<>();
        byCommand.forEach((command, orders) -> commands.add(new LeaderAndIsrCommand(
                command.controllerId(),
                command.controllerEpoch(),
                command.brokerEpoch(),
                false,
                orders,
                command.liveLeaders())));
        return commands;
    }
}
