// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.broker.handler.data.TransactionVerification;
import io.barnabas.broker.peer.PeerClient;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.transaction.TransactionCoordinator;
import io.barnabas.coordinator.transaction.TransactionMarkers;
import io.barnabas.replica.ReplicaManager;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** This room, wired: first the markers, which the coordinator needs, then, with the coordinator, the rest. */
public final class TransactionHandlers {
    private final Environment environment;
    private final BrokerNodes nodes;
    private final LocalMarkers localMarkers;

    /**
     * What the room needs.
     *
     * @param brokerId this broker
     * @param interBrokerListener the listener brokers reach each other at
     * @param services what all handlers share
     * @param replicas this broker's replicas
     * @param groups this broker's groups
     * @param peers the other brokers
     * @param markersVersion of WriteTxnMarkers, as the inter-broker protocol has it
     * @param requestTimeoutMs {@code request.timeout.ms}
     * @param verification {@code transaction.partition.verification.enable} as of now
     */
    public record Environment(
            int brokerId,
            String interBrokerListener,
            RequestServices services,
            ReplicaManager replicas,
            GroupCoordinator groups,
            PeerClient peers,
            short markersVersion,
            int requestTimeoutMs,
            BooleanSupplier verification) {

        Supplier<ClusterImage> images() {
            return services.images();
        }

        InstantSource clock() {
            return services.clock();
        }
    }

    public TransactionHandlers(Environment environment) {
        this.environment = environment;
        this.nodes = new BrokerNodes(environment.brokerId(), environment.interBrokerListener(), environment.images());
        this.localMarkers = new LocalMarkers(
                environment.replicas(), environment.groups(), environment.requestTimeoutMs(), environment.clock());
    }

    /** Brings the coordinator's markers to the partitions' leaders. */
    public TransactionMarkers markers() {
        return new MarkerDelivery(nodes, localMarkers, environment.peers(), environment.markersVersion());
    }

    /** What depends on the coordinator. */
    public Room with(TransactionCoordinator coordinator) {
        return new Room(coordinator);
    }

    /** The handlers, and what the produce handler asks. */
    public final class Room {
        private final TransactionCoordinator coordinator;
        private final PartitionVerification verification;

        private Room(TransactionCoordinator coordinator) {
            this.coordinator = coordinator;
            this.verification = new PartitionVerification(
                    environment.replicas(),
                    new TransactionInquiries(nodes, coordinator, environment.peers()),
                    environment.verification());
        }

        /** Asked before transactional records are appended. */
        public TransactionVerification verification() {
            return verification;
        }

        /** All handlers. */
        public List<RequestHandler<?>> all() {
            return List.of(
                    new AddPartitionsToTxnHandler(coordinator, environment.images()),
                    new AddOffsetsToTxnHandler(coordinator, environment.groups()::partitionFor),
                    new EndTxnHandler(coordinator),
                    new TxnOffsetCommitHandler(
                            environment.groups(), verification, environment.images(), environment.clock()),
                    new WriteTxnMarkersHandler(localMarkers),
                    new DescribeTransactionsHandler(coordinator),
                    new ListTransactionsHandler(coordinator));
        }
    }
}
