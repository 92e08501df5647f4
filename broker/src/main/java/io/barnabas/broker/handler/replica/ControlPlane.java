// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.broker.config.dynamic.TopicConfigSource;
import io.barnabas.broker.metadata.ClusterImageHolder;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.replica.ReplicaControl;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the controller's orders, by whichever way they come, and has them carried out one at a time in the order they
 * came. Orders for an earlier incarnation of this broker are refused (KIP-380). Thread-safe.
 *
 * <p>A topic that is new here needs its settings before its logs are created. They are read before the order has its
 * turn, for a moment at most; what cannot be read by then holds up its own topic only: the order is answered, for those
 * partitions with {@link LeaderAndIsrCommand#NOT_YET}, and tried again until it is carried out or superseded.
 */
public final class ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final long READ_WITHIN_MS = 500;
    private static final long RETRY_MS = 200;

    private final ReplicaControl replicas;
    private final ClusterImageHolder images;
    private final LongSupplier brokerEpoch;
    private final LongConsumer rolesTaken;
    private final Executor loop;
    private final TopicConfigSource topics;
    private final ScheduledExecutorService timer;
    private final DeferredOrders deferred = new DeferredOrders();

    /**
     * @param brokerEpoch this broker's epoch now
     * @param rolesTaken is told the broker epoch of each LeaderAndIsr order, once it is carried out
     * @param loop runs one order at a time, in order; orders touch the disk
     * @param topics the settings topics need before they have logs
     * @param timer wakes this up; its tasks are short
     */
    public ControlPlane(
            ReplicaControl replicas,
            ClusterImageHolder images,
            LongSupplier brokerEpoch,
            LongConsumer rolesTaken,
            Executor loop,
            TopicConfigSource topics,
            ScheduledExecutorService timer) {
        this.replicas = replicas;
        this.images = images;
        this.brokerEpoch = brokerEpoch;
        this.rolesTaken = rolesTaken;
        this.loop = loop;
        this.topics = topics;
        this.timer = timer;
    }

    /** Leads and follows as ordered. */
    public CompletableFuture<LeaderAndIsrCommand.Outcome> apply(LeaderAndIsrCommand command) {
        Set<String> unknown = command.partitions().stream()
                .map(order -> order.topicPartition().topic())
                .filter(topic -> !topics.isKnown(topic))
                .collect(Collectors.toSet());
        return unknown.isEmpty()
                ? CompletableFuture.supplyAsync(() -> lead(command), loop)
                : readFor(unknown).thenApplyAsync(done -> lead(command), loop);
    }

    /** Completes when the settings were read or could not be, after {@link #READ_WITHIN_MS} at the latest. */
    private CompletableFuture<Void> readFor(Set<String> unknown) {
        CompletableFuture<Void> read = new CompletableFuture<>();
        topics.read(unknown).whenComplete((done, failure) -> read.complete(null));
        if (!read.isDone()) {
            Runnable late = () -> read.complete(null);
            timer.schedule(late, READ_WITHIN_MS, TimeUnit.MILLISECONDS);
        }
        return read;
    }

    private LeaderAndIsrCommand.Outcome lead(LeaderAndIsrCommand command) {
        if (isStale(command.brokerEpoch())) {
            return new LeaderAndIsrCommand.Outcome(Errors.STALE_BROKER_EPOCH, Map.of());
        }
        boolean noneWaited = deferred.isEmpty();
        LeaderAndIsrCommand.Outcome outcome = replicas.becomeLeaderOrFollower(command);
        deferred.tried(command, outcome);
        if (noneWaited && !deferred.isEmpty()) {
            LOG.warn(
                    "Orders for topics {} wait, since their settings cannot be read from ZooKeeper; they are tried again",
                    deferred.topics());
            timer.schedule(this::readDeferred, RETRY_MS, TimeUnit.MILLISECONDS);
        }
        if (outcome.error() == Errors.NONE) {
            rolesTaken.accept(command.brokerEpoch());
        }
        return outcome;
    }

    /** Stops replicas as ordered. */
    public CompletableFuture<StopReplicaCommand.Outcome> apply(StopReplicaCommand command) {
        return CompletableFuture.supplyAsync(() -> stop(command), loop);
    }

    private StopReplicaCommand.Outcome stop(StopReplicaCommand command) {
        if (isStale(command.brokerEpoch())) {
            return new StopReplicaCommand.Outcome(Errors.STALE_BROKER_EPOCH, Map.of());
        }
        StopReplicaCommand.Outcome outcome = replicas.stopReplicas(command);
        if (outcome.error() == Errors.NONE) {
            deferred.stopped(command);
        }
        return outcome;
    }

    /** Makes the news the image all readers see. */
    public CompletableFuture<Errors> apply(UpdateMetadataCommand command) {
        return CompletableFuture.supplyAsync(() -> update(command), loop);
    }

    private Errors update(UpdateMetadataCommand command) {
        if (isStale(command.brokerEpoch())) {
            return Errors.STALE_BROKER_EPOCH;
        }
        Errors error = replicas.noteControllerEpoch(command.controllerEpoch());
        if (error == Errors.NONE) {
            Set<TopicPartition> deleted = images.apply(command);
            replicas.metadataUpdated(deleted);
        }
        return error;
    }

    /** Begins to move replicas between log directories. */
    CompletableFuture<Map<TopicPartition, Errors>> alterReplicaLogDirs(Map<TopicPartition, String> directories) {
        return CompletableFuture.supplyAsync(() -> replicas.alterReplicaLogDirs(directories), loop);
    }

    // ---- orders that wait for their topics' settings

    private void readDeferred() {
        onLoop(() -> {
            if (!deferred.isEmpty()) {
                topics.read(deferred.topics()).whenComplete((done, failure) -> onLoop(() -> retryDeferred(failure)));
            }
        });
    }

    private void retryDeferred(Throwable failure) {
        if (failure == null) {
            for (LeaderAndIsrCommand command : deferred.commands()) {
                retry(command);
            }
        }
        if (!deferred.isEmpty()) {
            timer.schedule(this::readDeferred, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void retry(LeaderAndIsrCommand command) {
        LeaderAndIsrCommand.Outcome outcome = isStale(command.brokerEpoch())
                ? new LeaderAndIsrCommand.Outcome(Errors.STALE_BROKER_EPOCH, Map.of())
                : replicas.becomeLeaderOrFollower(command);
        deferred.tried(command, outcome);
    }

    /** After the process began to stop nothing is tried any more. */
    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The process is stopping; orders that wait are dropped", e);
        }
    }

    /** A controller that knows no broker epochs is believed; one that knows a newer one than this broker, too. */
    private boolean isStale(long epochInCommand) {
        return epochInCommand != BrokerInfo.UNKNOWN_EPOCH && epochInCommand < brokerEpoch.getAsLong();
    }
}
