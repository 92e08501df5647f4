// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.replica;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.coordination.controller.BrokerCommandSender;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/** Sends the controller's commands to its own broker without the network, and to all others with it. */
public final class LocalCommandSender implements BrokerCommandSender {
    private final int brokerId;
    private final ControlPlane local;
    private final BrokerCommandSender remote;

    public LocalCommandSender(int brokerId, ControlPlane local, BrokerCommandSender remote) {
        this.brokerId = brokerId;
        this.local = local;
        this.remote = remote;
    }

    @Override
    public CompletableFuture<LeaderAndIsrCommand.Outcome> send(BrokerInfo broker, LeaderAndIsrCommand command) {
        return broker.id() == brokerId ? local.apply(command) : remote.send(broker, command);
    }

    @Override
    public CompletableFuture<StopReplicaCommand.Outcome> send(BrokerInfo broker, StopReplicaCommand command) {
        return broker.id() == brokerId ? local.apply(command) : remote.send(broker, command);
    }

    @Override
    public CompletableFuture<Errors> send(BrokerInfo broker, UpdateMetadataCommand command) {
        return broker.id() == brokerId ? local.apply(command) : remote.send(broker, command);
    }

    @Override
    public void forget(BrokerInfo broker) {
        if (broker.id() != brokerId) {
            remote.forget(broker);
        }
    }
}
