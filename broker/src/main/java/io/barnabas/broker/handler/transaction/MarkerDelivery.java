// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.peer.Peer;
import io.barnabas.broker.peer.PeerClient;
import io.barnabas.broker.peer.PeerPurpose;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.coordinator.transaction.TransactionMarkers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/**
 * Brings markers to the leaders of their partitions: at once where this broker leads, else by WriteTxnMarkers, in few
 * requests per broker with all that came together meanwhile. Thread-safe; does not block.
 */
public final class MarkerDelivery implements TransactionMarkers {
    private static final int REQUESTS_IN_FLIGHT = 4;
    private static final int MARKERS_PER_REQUEST = 500;

    private final BrokerNodes nodes;
    private final LocalMarkers local;
    private final PeerClient peers;
    private final short version;
    private final Map<Integer, Destination> destinations = new ConcurrentHashMap<>();

    /** @param version of WriteTxnMarkers, as the inter-broker protocol has it */
    MarkerDelivery(BrokerNodes nodes, LocalMarkers local, PeerClient peers, short version) {
        this.nodes = nodes;
        this.local = local;
        this.peers = peers;
        this.version = version;
    }

    /** A marker for partitions of one leader. */
    private record Parcel(TxnMarkerEntry entry, Consumer<Map<TopicPartition, Errors>> answer) {
        void answer(Errors error) {
            Map<TopicPartition, Errors> errors = new HashMap<>();
            entry.partitions().forEach(partition -> errors.put(partition, error));
            answer.accept(errors);
        }

        /** What is missing in the response may or may not be written: to be tried again. */
        void answer(Map<TopicPartition, Errors> known) {
            Map<TopicPartition, Errors> errors = new HashMap<>();
            entry.partitions()
                    .forEach(partition ->
                            errors.put(partition, known.getOrDefault(partition, Errors.NETWORK_EXCEPTION)));
            answer.accept(errors);
        }
    }

    @Override
    public void write(Marker marker, Consumer<Map<TopicPartition, Errors>> answer) {
        ClusterImage image = nodes.images().get();
        Map<Integer, List<TopicPartition>> byLeader = new LinkedHashMap<>();
        Map<TopicPartition, Errors> unreachable = new HashMap<>();
        for (TopicPartition partition : marker.partitions()) {
            Optional<PartitionImage> known = image.partition(partition);
            if (known.isPresent() && known.get().leaderAndIsr().hasLeader()) {
                byLeader.computeIfAbsent(known.get().leader(), id -> new ArrayList<>())
                        .add(partition);
            } else {
                unreachable.put(partition, leaderless(known.isPresent(), image));
            }
        }
        if (!unreachable.isEmpty()) {
            answer.accept(unreachable);
        }
        byLeader.forEach((leader, partitions) -> deliver(leader, new Parcel(entry(marker, partitions), answer)));
    }

    /** A picture without this coordinator's own topic is that of a broker nobody told anything yet. */
    private static Errors leaderless(boolean known, ClusterImage image) {
        boolean told = image.topic(Topic.TRANSACTION_STATE_TOPIC_NAME).isPresent();
        return known || !told ? Errors.LEADER_NOT_AVAILABLE : UNKNOWN_IN_CLUSTER;
    }

    private static TxnMarkerEntry entry(Marker marker, List<TopicPartition> partitions) {
        return new TxnMarkerEntry(
                marker.producerId(),
                marker.producerEpoch(),
                marker.coordinatorEpoch(),
                marker.commit() ? TransactionResult.COMMIT : TransactionResult.ABORT,
                partitions);
    }

    private void deliver(int leader, Parcel parcel) {
        if (leader == nodes.localId()) {
            local.write(parcel.entry()).thenAccept(parcel::answer);
        } else {
            destinations.computeIfAbsent(leader, Destination::new).add(parcel);
        }
    }

    /** Markers for one other broker. */
    private final class Destination {
        private final int brokerId;
        private final ArrayDeque<Parcel> waiting = new ArrayDeque<>();
        private int inFlight;

        Destination(int brokerId) {
            this.brokerId = brokerId;
        }

        void add(Parcel parcel) {
            synchronized (this) {
                waiting.add(parcel);
            }
            sendSome();
        }

        private void sendSome() {
            List<Parcel> parcels = take();
            if (!parcels.isEmpty()) {
                send(parcels);
            }
        }

        private synchronized List<Parcel> take() {
            if (inFlight >= REQUESTS_IN_FLIGHT || waiting.isEmpty()) {
                return List.of();
            }
            inFlight++;
            List<Parcel> parcels = new ArrayList<>(Math.min(waiting.size(), MARKERS_PER_REQUEST));
            while (!waiting.isEmpty() && parcels.size() < MARKERS_PER_REQUEST) {
                parcels.add(waiting.poll());
            }
            return parcels;
        }

        private void send(List<Parcel> parcels) {
            Optional<Peer> peer = nodes.peer(brokerId);
            if (peer.isEmpty()) {
                answered(parcels, null, Errors.LEADER_NOT_AVAILABLE);
                return;
            }
            WriteTxnMarkersRequest request = new WriteTxnMarkersRequest.Builder(
                            version, parcels.stream().map(Parcel::entry).toList())
                    .build(version);
            peers.send(peer.get(), PeerPurpose.COORDINATION, request)
                    .whenComplete((response, failure) -> answered(parcels, response, error(failure)));
        }

        private void answered(Collection<Parcel> parcels, AbstractResponse response, Errors failure) {
            synchronized (this) {
                inFlight--;
            }
            if (response instanceof WriteTxnMarkersResponse answer) {
                Map<Long, Map<TopicPartition, Errors>> errors = answer.errorsByProducerId();
                parcels.forEach(parcel ->
                        parcel.answer(errors.getOrDefault(parcel.entry().producerId(), Map.of())));
            } else {
                parcels.forEach(parcel -> parcel.answer(failure));
            }
            sendSome();
        }

        private static Errors error(Throwable failure) {
            return Errors.maybeUnwrapException(failure) instanceof UnsupportedVersionException
                    ? Errors.UNSUPPORTED_VERSION
                    : Errors.NETWORK_EXCEPTION;
        }
    }
}
