// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import java.util.concurrent.CompletableFuture;

/**
 * Carries the controller's commands to a broker, in Kafka's requests at the versions that
 * {@code inter.broker.protocol.version} decides, over the control plane's listener. To the broker itself it may take
 * the short way.
 *
 * <p>The controller keeps at most one command to a broker in flight, so order holds without the sender's help. A
 * future fails when the broker cannot be reached or the connection breaks; the controller then repeats the command
 * until the broker is gone. Every future must complete, within the sender's own request timeout
 * ({@code controller.socket.timeout.ms}).
 */
public interface BrokerCommandSender {
    /** Sends a command to a broker; the future fails if the broker cannot be reached or does not answer in time. */
    CompletableFuture<LeaderAndIsrCommand.Outcome> send(BrokerInfo broker, LeaderAndIsrCommand command);

    /** Sends a command to a broker; the future fails if the broker cannot be reached or does not answer in time. */
    CompletableFuture<StopReplicaCommand.Outcome> send(BrokerInfo broker, StopReplicaCommand command);

    /** Completes with the error of the answer. */
    CompletableFuture<org.apache.kafka.common.protocol.Errors> send(BrokerInfo broker, UpdateMetadataCommand command);

    /** The broker is gone or bounced: connections to that incarnation are of no more use. */
    void forget(BrokerInfo broker);
}
