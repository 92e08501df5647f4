// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.broker.protocol.LeaderAndIsrCodec;
import io.barnabas.broker.protocol.StopReplicaCodec;
import io.barnabas.broker.protocol.UpdateMetadataCodec;
import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.coordination.controller.BrokerCommandSender;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;
import org.apache.kafka.common.requests.UpdateMetadataResponse;

/** The controller's commands as requests to brokers, on a connection of their own per broker. Thread-safe. */
public final class PeerCommandSender implements BrokerCommandSender {
    /**
     * What the sender needs to know.
     *
     * @param protocol the inter-broker protocol's version
     * @param commandListener the listener commands go to: {@code control.plane.listener.name}, else that of the
     *     inter-broker traffic
     * @param interBrokerListener the listener followers are to reach leaders at
     * @param timeout {@code controller.socket.timeout.ms}
     */
    public record Terms(
            ProtocolVersion protocol, String commandListener, String interBrokerListener, Duration timeout) {}

    private final PeerClient peers;
    private final Terms terms;

    public PeerCommandSender(PeerClient peers, Terms terms) {
        this.peers = peers;
        this.terms = terms;
    }

    @Override
    public CompletableFuture<LeaderAndIsrCommand.Outcome> send(BrokerInfo broker, LeaderAndIsrCommand command) {
        return request(
                broker,
                () -> LeaderAndIsrCodec.toRequest(
                        command, terms.interBrokerListener(), terms.protocol().leaderAndIsrVersion()),
                response -> LeaderAndIsrCodec.toOutcome((LeaderAndIsrResponse) response, command));
    }

    @Override
    public CompletableFuture<StopReplicaCommand.Outcome> send(BrokerInfo broker, StopReplicaCommand command) {
        CompletableFuture<StopReplicaCommand.Outcome> outcome = null;
        for (StopReplicaRequest request :
                StopReplicaCodec.toRequests(command, terms.protocol().stopReplicaVersion())) {
            CompletableFuture<StopReplicaCommand.Outcome> next = request(
                    broker, () -> request, response -> StopReplicaCodec.toOutcome((StopReplicaResponse) response));
            outcome = outcome == null ? next : outcome.thenCombine(next, PeerCommandSender::merge);
        }
        return outcome;
    }

    private static StopReplicaCommand.Outcome merge(StopReplicaCommand.Outcome one, StopReplicaCommand.Outcome other) {
        if (one.error() != Errors.NONE || other.error() != Errors.NONE) {
            return one.error() != Errors.NONE ? one : other;
        }
        Map<TopicPartition, Errors> errors = new HashMap<>(one.partitionErrors());
        errors.putAll(other.partitionErrors());
        return new StopReplicaCommand.Outcome(Errors.NONE, errors);
    }

    @Override
    public CompletableFuture<Errors> send(BrokerInfo broker, UpdateMetadataCommand command) {
        return request(
                broker,
                () -> UpdateMetadataCodec.toRequest(command, terms.protocol().updateMetadataVersion()),
                response -> ((UpdateMetadataResponse) response).error());
    }

    @Override
    public void forget(BrokerInfo broker) {
        connection(broker).ifPresent(PeerConnection::close);
    }

    private Optional<PeerConnection> connection(BrokerInfo broker) {
        Optional<Endpoint> endpoint = broker.endpoint(terms.commandListener());
        return endpoint.map(e ->
                peers.connection(new Peer(broker.id(), e.host(), e.port()), PeerPurpose.CONTROL, 0, terms.timeout()));
    }

    /** A request that cannot even be built for the version fails its future, not its caller. */
    private <T> CompletableFuture<T> request(
            BrokerInfo broker,
            java.util.function.Supplier<? extends AbstractRequest> request,
            Function<AbstractResponse, T> reading) {
        try {
            Optional<PeerConnection> connection = connection(broker);
            if (connection.isEmpty()) {
                return CompletableFuture.failedFuture(new DisconnectException(
                        "broker " + broker.id() + " has no listener " + terms.commandListener()));
            }
            return connection.get().send(request.get()).thenApply(reading);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
