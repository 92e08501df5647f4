// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.control;

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
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Takes the controller's orders, by whichever way they come, and has them carried out one at a time in the order they
 * came. Orders for an earlier incarnation of this broker are refused (KIP-380). Thread-safe.
 */
public final class ControlPlane {
    private final ReplicaControl replicas;
    private final ClusterImageHolder images;
    private final LongSupplier brokerEpoch;
    private final LongConsumer rolesTaken;
    private final Executor loop;

    /**
     * @param brokerEpoch this broker's epoch now
     * @param rolesTaken is told the broker epoch of each LeaderAndIsr order, once it is carried out
     * @param loop runs one order at a time, in order; orders touch the disk
     */
    public ControlPlane(
            ReplicaControl replicas,
            ClusterImageHolder images,
            LongSupplier brokerEpoch,
            LongConsumer rolesTaken,
            Executor loop) {
        this.replicas = replicas;
        this.images = images;
        this.brokerEpoch = brokerEpoch;
        this.rolesTaken = rolesTaken;
        this.loop = loop;
    }

    /** Leads and follows as ordered. */
    public CompletableFuture<LeaderAndIsrCommand.Outcome> apply(LeaderAndIsrCommand command) {
        return CompletableFuture.supplyAsync(() -> lead(command), loop);
    }

    private LeaderAndIsrCommand.Outcome lead(LeaderAndIsrCommand command) {
        if (isStale(command.brokerEpoch())) {
            return new LeaderAndIsrCommand.Outcome(Errors.STALE_BROKER_EPOCH, Map.of());
        }
        LeaderAndIsrCommand.Outcome outcome = replicas.becomeLeaderOrFollower(command);
        if (outcome.error() == Errors.NONE) {
            rolesTaken.accept(command.brokerEpoch());
        }
        return outcome;
    }

    /** Stops replicas as ordered. */
    public CompletableFuture<StopReplicaCommand.Outcome> apply(StopReplicaCommand command) {
        return CompletableFuture.supplyAsync(
                () -> isStale(command.brokerEpoch())
                        ? new StopReplicaCommand.Outcome(Errors.STALE_BROKER_EPOCH, Map.of())
                        : replicas.stopReplicas(command),
                loop);
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

    /** A controller that knows no broker epochs is believed; one that knows a newer one than this broker, too. */
    private boolean isStale(long epochInCommand) {
        return epochInCommand != BrokerInfo.UNKNOWN_EPOCH && epochInCommand < brokerEpoch.getAsLong();
    }
}
