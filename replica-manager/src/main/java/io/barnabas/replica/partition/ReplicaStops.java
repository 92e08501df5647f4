// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.replica.log.LogManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
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
        for (StopReplicaCommand.Partition order : toStop) {
            outcome.put(order.topicPartition(), stop(order));
        }
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

    private Errors stop(StopReplicaCommand.Partition order) {
        TopicPartition name = order.topicPartition();
        try {
            Partition partition = partitions.get(name);
            if (order.delete()) {
                partitions.remove(name);
                logs.deleteLater(name, true);
                logs.deleteLater(name, false);
            }
            if (partition != null) {
                stop(partition, order.delete());
            }
            tell(order);
            return Errors.NONE;
        } catch (KafkaStorageException e) {
            LOG.error("Could not stop {}", name, e);
            return Errors.KAFKA_STORAGE_ERROR;
        }
    }

    /** Without deletion the replica stays known, with its epoch, but is neither led nor followed. */
    private static void stop(Partition partition, boolean deleted) {
        if (deleted) {
            partition.stop(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION, listener -> listener.onDeleted(partition.topicPartition()));
        } else {
            partition.interrupt();
        }
    }

    private void tell(StopReplicaCommand.Partition order) {
        OptionalInt epoch = order.leaderEpoch() >= 0 ? OptionalInt.of(order.leaderEpoch()) : OptionalInt.empty();
        news.stopped(order.topicPartition(), epoch);
        DecisionEvent.of("replica-stopped")
                .with("partition", order.topicPartition())
                .with("leaderEpoch", order.leaderEpoch())
                .with("delete", order.delete())
                .because("the controller said so");
    }
}
