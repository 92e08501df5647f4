// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.replica.fetch.FetchAssignment;
import io.barnabas.replica.fetch.LeaderAddress;
import io.barnabas.replica.log.LogManager;
import io.barnabas.replica.log.PartitionLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out LeaderAndIsr: who leads, who follows, what is stray. Called under {@link ControllerOrders}' lock, one
 * order at a time.
 */
final class RoleChanges {
    private static final Logger LOG = LoggerFactory.getLogger(RoleChanges.class);
    /** So many new partitions in one order are the creation of a large topic. */
    static final int MANY_NEW = 100;
    /**
     * Until the brokers know of all of a large topic, fetches of its partitions are answered with errors and repeated,
     * and take from the creation what it needs of the processors; there is nothing to copy yet.
     */
    static final long MANY_NEW_PAUSE_MS = 500;

    private final ReplicaConfig config;
    private final ReplicaPorts ports;
    private final Partitions partitions;
    private final UnannouncedTopics unannounced;
    private final LogManager logs;
    private final LeadershipNews news;
    private final IsrRules rules;
    private final Consumer<Set<Integer>> onLeaderships;
    private boolean leaving;

    /** @param onLeaderships hears after an order which replicas have partitions to copy from here as of now */
    RoleChanges(
            ReplicaConfig config,
            ReplicaPorts ports,
            Partitions partitions,
            UnannouncedTopics unannounced,
            LogManager logs,
            LeadershipNews news,
            IsrRules rules,
            Consumer<Set<Integer>> onLeaderships) {
        this.config = config;
        this.ports = ports;
        this.partitions = partitions;
        this.unannounced = unannounced;
        this.logs = logs;
        this.news = news;
        this.rules = rules;
        this.onLeaderships = onLeaderships;
    }

    /** See {@link io.barnabas.replica.ReplicaControl#leaving}. */
    void leaving() {
        leaving = true;
    }

    Map<TopicPartition, Errors> apply(LeaderAndIsrCommand command) {
        unannounced.forgetAnnounced();
        Map<TopicPartition, Errors> outcome = new LinkedHashMap<>();
        Map<Partition, LeaderAndIsrCommand.Partition> toLead = new LinkedHashMap<>();
        Map<Partition, LeaderAndIsrCommand.Partition> toFollow = new LinkedHashMap<>();
        for (LeaderAndIsrCommand.Partition order : command.partitions()) {
            Errors error = admit(order, command.full());
            outcome.put(order.topicPartition(), error);
            if (error == Errors.NONE) {
                unannounced.ordered(order.topicPartition(), order.topicId());
                boolean lead = order.leaderAndIsr().leader() == config.brokerId();
                Partition partition = partitions.getOrCreate(order.topicPartition(), this::create);
                (lead ? toLead : toFollow).put(partition, order);
            }
        }
        RoleEvents events = new RoleEvents(ports.events(), command.partitions().size(), command.controllerEpoch());
        lead(toLead, outcome, events);
        follow(toFollow, leaders(command), outcome, events);
        events.end();
        ports.fetchers().shutdownIdle();
        if (command.full()) {
            setStraysAside(command);
        }
        return outcome;
    }

    private Partition create(TopicPartition name) {
        return new Partition(name, config.brokerId(), rules, ports);
    }

    /** Whether an order may be carried out; the reasons it may not, in Kafka's order. */
    private Errors admit(LeaderAndIsrCommand.Partition order, boolean full) {
        TopicPartition name = order.topicPartition();
        if (partitions.isOffline(name)) {
            LOG.warn("Ignoring LeaderAndIsr for {}: its log directory is offline", name);
            return Errors.KAFKA_STORAGE_ERROR;
        }
        if (!topicIdFits(order, full)) {
            return Errors.INCONSISTENT_TOPIC_ID;
        }
        Partition partition = partitions.get(name);
        int current = partition == null ? -1 : partition.role().leaderEpoch();
        if (order.leaderAndIsr().leaderEpoch() < current) {
            LOG.warn(
                    "Ignoring LeaderAndIsr for {}: its leader epoch {} is older than {}",
                    name,
                    order.leaderAndIsr().leaderEpoch(),
                    current);
            return Errors.STALE_CONTROLLER_EPOCH;
        }
        if (!order.assignment().replicas().contains(config.brokerId())) {
            LOG.warn(
                    "Ignoring LeaderAndIsr for {}: broker {} is not among its replicas {}",
                    name,
                    config.brokerId(),
                    order.assignment().replicas());
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (logs.log(name).isEmpty() && !logs.isConfigKnown(name.topic())) {
            return LeaderAndIsrCommand.NOT_YET;
        }
        return Errors.NONE;
    }

    /**
     * Whether the order is about the topic the log was written for. A full order tells all the broker is to have, so a
     * log of another topic of that name is of a deleted one: it is set aside, and the replica starts anew.
     */
    private boolean topicIdFits(LeaderAndIsrCommand.Partition order, boolean full) {
        Uuid onDisk =
                logs.log(order.topicPartition()).map(PartitionLog::topicId).orElse(Uuid.ZERO_UUID);
        if (onDisk.equals(Uuid.ZERO_UUID) || order.topicId().equals(Uuid.ZERO_UUID) || onDisk.equals(order.topicId())) {
            return true;
        }
        if (!full) {
            LOG.error(
                    "Topic ID in memory: {} does not match the topic ID for partition {} received: {}.",
                    onDisk,
                    order.topicPartition(),
                    order.topicId());
            return false;
        }
        setAside(order.topicPartition(), "its topic was deleted and created anew");
        return true;
    }

    // ---- leading ----

    private void lead(
            Map<Partition, LeaderAndIsrCommand.Partition> orders,
            Map<TopicPartition, Errors> outcome,
            RoleEvents events) {
        if (orders.isEmpty()) {
            return;
        }
        List<TopicPartition> names = new ArrayList<>();
        orders.keySet().forEach(partition -> names.add(partition.topicPartition()));
        ports.fetchers().remove(names);
        Set<Integer> replicas = new HashSet<>();
        orders.forEach((partition, order) -> {
            if (lead(partition, order, outcome, events)) {
                replicas.addAll(order.assignment().replicas());
            }
        });
        if (!replicas.isEmpty()) {
            onLeaderships.accept(replicas);
        }
    }

    /** @return whether followers have to begin anew */
    private boolean lead(
            Partition partition,
            LeaderAndIsrCommand.Partition order,
            Map<TopicPartition, Errors> outcome,
            RoleEvents events) {
        try {
            Optional<PartitionState.Led> led = partition.lead(order, () -> openLog(order));
            if (led.isEmpty()) {
                return false;
            }
            boolean anew = led.get().newEpoch() || led.get().newLeader();
            if (anew) {
                events.led(partition, order);
            }
            news.led(partition.topicPartition(), order.leaderAndIsr().leaderEpoch());
            return anew;
        } catch (KafkaStorageException e) {
            storageFailed(partition, e, outcome);
        } catch (ApiException e) {
            outcome.put(partition.topicPartition(), Errors.forException(e));
        }
        return false;
    }

    /** The log, with the topic's id noted in it; what fails here is the directory's fault. */
    private PartitionLog openLog(LeaderAndIsrCommand.Partition order) {
        PartitionLog log = logs.getOrCreate(order.topicPartition(), order.isNew(), order.topicId());
        if (log.topicId().equals(Uuid.ZERO_UUID) && !order.topicId().equals(Uuid.ZERO_UUID)) {
            log.assignTopicId(order.topicId());
        }
        return log;
    }

    private void storageFailed(Partition partition, KafkaStorageException e, Map<TopicPartition, Errors> outcome) {
        LOG.error("No log for {}", partition.topicPartition(), e);
        outcome.put(partition.topicPartition(), Errors.KAFKA_STORAGE_ERROR);
        partitions.markOffline(partition.topicPartition());
        partition.stop(Errors.KAFKA_STORAGE_ERROR);
    }

    // ---- following ----

    private void follow(
            Map<Partition, LeaderAndIsrCommand.Partition> orders,
            Map<Integer, LeaderAddress> leaders,
            Map<TopicPartition, Errors> outcome,
            RoleEvents events) {
        List<FetchAssignment> toFetch = new ArrayList<>();
        List<TopicPartition> notToFetch = new ArrayList<>();
        boolean manyNew =
                orders.values().stream().filter(RoleChanges::isOfNewTopic).count() >= MANY_NEW;
        long afterPauseMs = ports.clock().millis() + MANY_NEW_PAUSE_MS;
        orders.forEach((partition, order) -> {
            LeaderAddress leader = leaders.get(order.leaderAndIsr().leader());
            boolean outOfSync = !order.leaderAndIsr().isr().contains(config.brokerId());
            if (follow(partition, order, outcome, events)) {
                if (leader == null || (leaving && outOfSync)) {
                    notToFetch.add(partition.topicPartition());
                } else {
                    toFetch.add(new FetchAssignment(
                            order.topicId(),
                            leader,
                            order.leaderAndIsr().leaderEpoch(),
                            new FollowedLog(partition),
                            manyNew && isOfNewTopic(order) ? afterPauseMs : 0));
                }
            }
        });
        if (!notToFetch.isEmpty()) {
            ports.fetchers().remove(notToFetch);
        }
        if (!toFetch.isEmpty()) {
            ports.fetchers().add(toFetch);
        }
    }

    /** A replica new on this broker may also be one that moves here; then there is something to copy. */
    private static boolean isOfNewTopic(LeaderAndIsrCommand.Partition order) {
        return order.isNew() && order.leaderAndIsr().leaderEpoch() == 0;
    }

    /** @return whether fetching must start anew */
    private boolean follow(
            Partition partition,
            LeaderAndIsrCommand.Partition order,
            Map<TopicPartition, Errors> outcome,
            RoleEvents events) {
        try {
            Partition.Followed followed = partition.follow(order, () -> openLog(order));
            if (followed.newEpoch()) {
                events.followed(partition, order);
            }
            if (!followed.outdated()) {
                news.followed(partition.topicPartition(), order.leaderAndIsr().leaderEpoch());
            }
            return followed.newEpoch();
        } catch (KafkaStorageException e) {
            storageFailed(partition, e, outcome);
            return false;
        } catch (ApiException e) {
            outcome.put(partition.topicPartition(), Errors.forException(e));
            return false;
        }
    }

    /** Where leaders listen: as the order says, else as the metadata says. */
    private Map<Integer, LeaderAddress> leaders(LeaderAndIsrCommand command) {
        Map<Integer, LeaderAddress> found = new HashMap<>();
        ports.clusterImage().get().brokers().values().forEach(broker -> address(broker)
                .ifPresent(address -> found.put(broker.id(), address)));
        command.liveLeaders().forEach(broker -> address(broker).ifPresent(address -> found.put(broker.id(), address)));
        return found;
    }

    private Optional<LeaderAddress> address(BrokerInfo broker) {
        Optional<Endpoint> endpoint = broker.endpoint(config.interBrokerListener());
        if (endpoint.isEmpty() && broker.endpoints().size() == 1) {
            endpoint = Optional.of(broker.endpoints().get(0));
        }
        return endpoint.map(at -> new LeaderAddress(broker.id(), at.host(), at.port()));
    }

    // ---- strays ----

    /** Sets the logs aside that no order named, though all were named (KIP-516). */
    private void setStraysAside(LeaderAndIsrCommand command) {
        Set<TopicPartition> named = new HashSet<>();
        command.partitions().forEach(order -> named.add(order.topicPartition()));
        List<TopicPartition> strays = new ArrayList<>();
        for (PartitionLog log : logs.logs()) {
            if (!named.contains(log.topicPartition())) {
                strays.add(log.topicPartition());
            }
        }
        strays.forEach(stray -> setAside(stray, "the controller does not count it among this broker's replicas"));
    }

    private void setAside(TopicPartition name, String why) {
        ports.fetchers().remove(List.of(name));
        Partition partition = partitions.get(name);
        partitions.remove(name);
        if (partition != null) {
            partition.stop(Errors.NOT_LEADER_OR_FOLLOWER);
        }
        logs.setAside(name);
        ports.events().record(new ReplicaEvents.LogSetAside(name, why));
    }
}
