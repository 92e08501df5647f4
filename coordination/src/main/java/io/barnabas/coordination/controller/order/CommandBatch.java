// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.order;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Gathers what one event has to tell brokers, and sends it as one command of each kind per broker: LeaderAndIsr to
 * replicas, UpdateMetadata (only what changed, once the leaders it names have answered) to all, StopReplica. Contents
 * are taken from the state when it is sent. Owned by the loop.
 */
public final class CommandBatch {
    private final int brokerId;
    private final int controllerEpoch;
    private final ClusterPicture picture;
    private final BrokerChannels channels;
    private final CommandListener listener;
    private final Map<Integer, Map<PartitionEntry, Boolean>> leaderAndIsr = new TreeMap<>();
    private final Map<Integer, Map<TopicPartition, StopReplicaCommand.Partition>> stops = new TreeMap<>();
    private final Set<PartitionEntry> metadata = new LinkedHashSet<>();
    private final Map<Integer, Set<PartitionEntry>> metadataByBroker = new HashMap<>();
    private final Set<Integer> metadataTo = new TreeSet<>();
    private final Set<Integer> full = new TreeSet<>();
    /** The last order to lead of each partition, until it is settled. */
    private final Map<PartitionEntry, LeaderOrder> leaderOrders = new HashMap<>();

    /**
     * @param brokerId this broker, in whose name the commands are
     * @param controllerEpoch the epoch of this term
     * @param picture what commands are made of
     * @param channels where they go
     * @param listener hears what brokers answer
     */
    public CommandBatch(
            int brokerId,
            int controllerEpoch,
            ClusterPicture picture,
            BrokerChannels channels,
            CommandListener listener) {
        this.brokerId = brokerId;
        this.controllerEpoch = controllerEpoch;
        this.picture = picture;
        this.channels = channels;
        this.listener = listener;
    }

    /** Tells replicas who leads, and all brokers' metadata caches. */
    public void leaderAndIsr(Collection<Integer> replicas, PartitionEntry partition, boolean isNew) {
        for (int replica : replicas) {
            if (picture.isRegistered(replica)) {
                leaderAndIsr
                        .computeIfAbsent(replica, id -> new LinkedHashMap<>())
                        .merge(partition, isNew, Boolean::logicalOr);
            }
        }
        updateMetadata(partition);
    }

    /**
     * The next LeaderAndIsr to this broker names every replica it has. It is called full only if it does: the receiver
     * sets aside what a full order does not name, and a replica whose state is not known must not be lost that way.
     */
    public void full(int broker) {
        full.add(broker);
    }

    /** Tells all brokers' metadata caches of a partition. */
    public void updateMetadata(PartitionEntry partition) {
        metadata.add(partition);
        metadataToAll();
    }

    /** Tells all brokers who is alive, if nothing else. */
    public void metadataToAll() {
        metadataTo.addAll(picture.brokers().keySet());
    }

    /** Tells one broker of many partitions: it is new and knows none. */
    public void updateMetadata(int broker, Collection<PartitionEntry> partitions) {
        metadataByBroker.computeIfAbsent(broker, id -> new LinkedHashSet<>()).addAll(partitions);
        metadataTo.add(broker);
    }

    /** Stops a replica; an order to delete is never weakened by one that does not. */
    public void stopReplica(int broker, PartitionEntry partition, boolean delete) {
        if (!picture.isRegistered(broker)) {
            return;
        }
        int epoch =
                partition.leaderAndIsr() == null ? -1 : partition.leaderAndIsr().leaderEpoch();
        if (picture.isBeingDeleted(partition.topic().name())) {
            epoch = LeaderAndIsr.EPOCH_DURING_DELETE;
        }
        StopReplicaCommand.Partition stop = new StopReplicaCommand.Partition(partition.id(), epoch, delete);
        stops.computeIfAbsent(broker, id -> new LinkedHashMap<>())
                .merge(partition.id(), stop, (a, b) -> a.delete() ? a : b);
    }

    /** Sends all of it. The future completes when this broker's own metadata cache has heard of it. */
    public CompletableFuture<Void> send() {
        sendLeaderAndIsr();
        CompletableFuture<Void> heard = sendMetadata();
        sendStops();
        return heard;
    }

    /**
     * Sends the LeaderAndIsr gathered by now, ahead of the rest: metadata caches hear of it with {@link #send}. Where
     * one is to be full, all of them wait for that.
     */
    public void sendOrders() {
        if (full.isEmpty()) {
            sendLeaderAndIsr();
        }
    }

    private void sendLeaderAndIsr() {
        Map<PartitionEntry, LeaderAndIsrCommand.Partition> old = new HashMap<>();
        leaderAndIsr.forEach((id, partitions) -> channels.get(id).ifPresent(channel -> {
            List<LeaderAndIsrCommand.Partition> states = new ArrayList<>(partitions.size());
            Set<Integer> leaders = new TreeSet<>();
            List<PartitionEntry> led = new ArrayList<>();
            partitions.forEach((partition, isNew) -> {
                if (partition.leaderAndIsr() != null) {
                    states.add(
                            isNew ? leading(partition, true) : old.computeIfAbsent(partition, p -> leading(p, false)));
                    leaders.add(partition.leader());
                    if (partition.isLedBy(id)) {
                        led.add(partition);
                    }
                }
            });
            if (!states.isEmpty()) {
                LeaderAndIsrCommand command = new LeaderAndIsrCommand(
                        brokerId,
                        controllerEpoch,
                        channel.broker().epoch(),
                        full.contains(id)
                                && states.size() == picture.partitionsOn(id).size(),
                        states,
                        brokers(leaders));
                LeaderOrder order =
                        channel.enqueue(command, outcome -> listener.leaderAndIsrAnswered(channel.broker(), outcome));
                awaited(led, order);
            }
        }));
        leaderAndIsr.clear();
        full.clear();
    }

    private void awaited(List<PartitionEntry> led, LeaderOrder order) {
        if (order.isSettled()) {
            leaderOrders.keySet().removeAll(led);
        } else {
            led.forEach(partition -> leaderOrders.put(partition, order));
            order.whenSettled(() -> led.forEach(partition -> leaderOrders.remove(partition, order)));
        }
    }

    private List<BrokerInfo> brokers(Set<Integer> ids) {
        List<BrokerInfo> brokers = new ArrayList<>(ids.size());
        ids.forEach(id -> picture.broker(id).ifPresent(brokers::add));
        return brokers;
    }

    private static LeaderAndIsrCommand.Partition leading(PartitionEntry partition, boolean isNew) {
        return new LeaderAndIsrCommand.Partition(
                partition.id(),
                partition.topic().id(),
                partition.controllerEpoch(),
                partition.leaderAndIsr(),
                partition.assignment(),
                isNew);
    }

    private CompletableFuture<Void> sendMetadata() {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        News shared = news(metadata);
        List<BrokerInfo> live = picture.reachableBrokers();
        for (int id : metadataTo) {
            channels.get(id).ifPresent(channel -> {
                News news = shared;
                Set<PartitionEntry> own = metadataByBroker.get(id);
                if (own != null) {
                    Set<PartitionEntry> union = new LinkedHashSet<>(own);
                    union.addAll(metadata);
                    news = news(union);
                }
                UpdateMetadataCommand command = new UpdateMetadataCommand(
                        brokerId, controllerEpoch, channel.broker().epoch(), live, news.partitions);
                channel.enqueue(command, news.leaders, error -> {
                    if (id == brokerId) {
                        heard.complete(null);
                    }
                });
            });
        }
        if (!metadataTo.contains(brokerId) || channels.get(brokerId).isEmpty()) {
            heard.complete(null);
        }
        metadata.clear();
        metadataByBroker.clear();
        metadataTo.clear();
        return heard;
    }

    private News news(Set<PartitionEntry> partitions) {
        News news = new News(new ArrayList<>(partitions.size()), new LinkedHashSet<>());
        for (PartitionEntry partition : partitions) {
            if (partition.leaderAndIsr() == null) {
                continue;
            }
            news.partitions.add(metadata(partition));
            LeaderOrder order = leaderOrders.get(partition);
            if (order != null
                    && order.isAwaitedFor(partition)
                    && !picture.isBeingDeleted(partition.topic().name())) {
                news.leaders.add(order);
            }
        }
        return news;
    }

    private UpdateMetadataCommand.Partition metadata(PartitionEntry partition) {
        LeaderAndIsr told = partition.leaderAndIsr();
        if (picture.isBeingDeleted(partition.topic().name())) {
            told = new LeaderAndIsr(
                    LeaderAndIsr.LEADER_DURING_DELETE,
                    told.leaderEpoch(),
                    told.isr(),
                    told.recoveryState(),
                    told.partitionEpoch());
        }
        List<Integer> offline = new ArrayList<>(0);
        for (int replica : partition.replicas()) {
            if (!picture.mayLead(replica, partition)) {
                offline.add(replica);
            }
        }
        return new UpdateMetadataCommand.Partition(
                partition.id(),
                partition.topic().id(),
                partition.controllerEpoch(),
                told,
                partition.replicas(),
                offline);
    }

    private void sendStops() {
        stops.forEach((id, partitions) -> channels.get(id).ifPresent(channel -> {
            StopReplicaCommand command = new StopReplicaCommand(
                    brokerId, controllerEpoch, channel.broker().epoch(), List.copyOf(partitions.values()));
            channel.enqueue(command, outcome -> listener.stopReplicaAnswered(channel.broker(), command, outcome));
        }));
        stops.clear();
    }

    /** What metadata caches are to hear, and the orders to lead that are to be answered before. */
    private record News(List<UpdateMetadataCommand.Partition> partitions, Set<LeaderOrder> leaders) {}

    /** Hears brokers' answers, on the loop's thread between events. */
    public interface CommandListener {
        /** A broker answered an order to lead or follow. */
        void leaderAndIsrAnswered(BrokerInfo broker, LeaderAndIsrCommand.Outcome outcome);

        /** A broker answered an order to stop replicas. */
        void stopReplicaAnswered(BrokerInfo broker, StopReplicaCommand command, StopReplicaCommand.Outcome outcome);
    }
}
