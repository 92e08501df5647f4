// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.replica.log.LogManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out StopReplica. Called under {@link ControllerOrders}' lock. */
final class ReplicaStops {
    /** Stands in for the epoch where the sender's version has none. */
    private static final int NO_EPOCH = -1;

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaStops.class);

    private final ReplicaPorts ports;
    private final Partitions partitions;
    private final LogManager logs;
    private final LeadershipNews news;

    ReplicaStops(ReplicaPorts ports, Partitions partitions, LogManager logs, LeadershipNews news) {
        this.ports = ports;
        this.partitions = partitions;
        this.logs = logs;
        this.news = news;
    }

    Map<TopicPartition, Errors> apply(StopReplicaCommand command) {
        Map<TopicPartition, Errors> outcome = new LinkedHashMap<>();
        List<StopReplicaCommand.Partition> toStop = new ArrayList<>();
        List<TopicPartition> names = new ArrayList<>();
        for (StopReplicaCommand.Partition order : command.partitions()) {
            Errors error = admit(order);
            outcome.put(order.topicPartition(), error);
            if (error == Errors.NONE) {
                toStop.add(order);
                names.add(order.topicPartition());
            }
        }
        ports.fetchers().remove(names);
        Map<TopicPartition, Partition> stopped = new HashMap<>();
        names.forEach(name -> stopped.put(name, partitions.get(name)));
        Set<TopicPartition> failed = delete(toStop);
        RoleEvents events = new RoleEvents(ports.events(), toStop.size(), command.controllerEpoch());
        for (StopReplicaCommand.Partition order : toStop) {
            TopicPartition name = order.topicPartition();
            if (failed.contains(name)) {
                outcome.put(name, Errors.KAFKA_STORAGE_ERROR);
            } else {
                stop(order, stopped.get(name), events);
            }
        }
        events.end();
        return outcome;
    }

    private Errors admit(StopReplicaCommand.Partition order) {
        if (partitions.isOffline(order.topicPartition())) {
            LOG.warn("Ignoring StopReplica for {}: its log directory is offline", order.topicPartition());
            return Errors.KAFKA_STORAGE_ERROR;
        }
        Partition partition = partitions.get(order.topicPartition());
        int epoch = order.leaderEpoch();
        boolean anyEpoch = epoch == LeaderAndIsr.EPOCH_DURING_DELETE || epoch == NO_EPOCH;
        if (partition != null && !anyEpoch && epoch < partition.role().leaderEpoch()) {
            LOG.warn(
                    "Ignoring StopReplica for {}: its leader epoch {} is older than {}",
                    order.topicPartition(),
                    epoch,
                    partition.role().leaderEpoch());
            return Errors.FENCED_LEADER_EPOCH;
        }
        return Errors.NONE;
    }

    /** Has the logs deleted that are to be; returns the partitions where that failed. */
    private Set<TopicPartition> delete(List<StopReplicaCommand.Partition> orders) {
        List<TopicPartition> deleted = new ArrayList<>();
        for (StopReplicaCommand.Partition order : orders) {
            if (order.delete()) {
                partitions.remove(order.topicPartition());
                deleted.add(order.topicPartition());
            }
        }
        return deleted.isEmpty() ? Set.of() : logs.deleteAllLater(deleted);
    }

    private void stop(StopReplicaCommand.Partition order, Partition partition, RoleEvents events) {
        if (partition != null) {
            stop(partition, order.delete());
        }
        OptionalInt epoch = order.leaderEpoch() >= 0 ? OptionalInt.of(order.leaderEpoch()) : OptionalInt.empty();
        news.stopped(order.topicPartition(), epoch);
        events.stopped(order);
    }

    /** Without deletion the replica stays known, with its epoch, but is neither led nor followed. */
    private static void stop(Partition partition, boolean deleted) {
        if (deleted) {
            partition.stop(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        } else {
            partition.interrupt();
        }
    }
}
