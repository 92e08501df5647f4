// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.peer.Peer;
import io.barnabas.broker.peer.PeerClient;
import io.barnabas.broker.peer.PeerPurpose;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordinator.transaction.TransactionCoordinator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/**
 * Asks coordinators whether partitions take part in transactions (KIP-890): AddPartitionsToTxn v4, verify only, one
 * request in flight per coordinator with all that came together meanwhile. Thread-safe; does not block.
 */
final class TransactionInquiries {
    private static final short VERSION = 4;

    private final BrokerNodes nodes;
    private final TransactionCoordinator coordinator;
    private final PeerClient peers;
    private final Map<Integer, Destination> destinations = new ConcurrentHashMap<>();

    TransactionInquiries(BrokerNodes nodes, TransactionCoordinator coordinator, PeerClient peers) {
        this.nodes = nodes;
        this.coordinator = coordinator;
        this.peers = peers;
    }

    /**
     * What is asked.
     *
     * @param knowsAbortable whether the client knows TRANSACTION_ABORTABLE; if not it is told INVALID_TXN_STATE
     */
    record Inquiry(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            boolean knowsAbortable) {
        private Map<TopicPartition, Errors> all(Errors error) {
            Map<TopicPartition, Errors> errors = new HashMap<>();
            partitions.forEach(partition -> errors.put(partition, error));
            return errors;
        }

        private Map<TopicPartition, Errors> told(Map<TopicPartition, Errors> answers) {
            Map<TopicPartition, Errors> errors = new HashMap<>();
            answers.forEach((partition, error) -> {
                if (error != Errors.NONE) {
                    errors.put(partition, told(error));
                }
            });
            return errors;
        }

        private Errors told(Errors error) {
            return switch (error) {
                case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
                case TRANSACTION_ABORTABLE -> knowsAbortable ? error : Errors.INVALID_TXN_STATE;
                default -> error;
            };
        }
    }

    /** @return the errors of those partitions that do not take part, or could not be verified; never fails */
    CompletionStage<Map<TopicPartition, Errors>> ask(Inquiry inquiry) {
        ClusterImage image = nodes.images().get();
        int leader = image.topic(Topic.TRANSACTION_STATE_TOPIC_NAME)
                .flatMap(topic -> topic.partition(coordinator.partitionFor(inquiry.transactionalId())))
                .map(partition -> partition.leader())
                .orElse(-1);
        if (leader == nodes.localId()) {
            return coordinator
                    .verifyPartitions(
                            inquiry.transactionalId(),
                            inquiry.producerId(),
                            inquiry.producerEpoch(),
                            inquiry.partitions())
                    .thenApply(inquiry::told);
        }
        if (leader < 0 || nodes.peer(leader).isEmpty()) {
            return CompletableFuture.completedFuture(inquiry.all(Errors.COORDINATOR_NOT_AVAILABLE));
        }
        return destinations.computeIfAbsent(leader, Destination::new).add(inquiry);
    }

    private record Pending(Inquiry inquiry, CompletableFuture<Map<TopicPartition, Errors>> answer) {}

    /** Inquiries to one coordinator, at most one waiting per transactional id. */
    private final class Destination {
        private final int brokerId;
        private Map<String, Pending> waiting = new LinkedHashMap<>();
        private boolean inFlight;

        Destination(int brokerId) {
            this.brokerId = brokerId;
        }

        CompletionStage<Map<TopicPartition, Errors>> add(Inquiry inquiry) {
            Pending pending = new Pending(inquiry, new CompletableFuture<>());
            Pending replaced;
            synchronized (this) {
                Pending other = waiting.get(inquiry.transactionalId());
                if (other != null && other.inquiry().producerEpoch() > inquiry.producerEpoch()) {
                    return CompletableFuture.completedFuture(inquiry.all(Errors.INVALID_PRODUCER_EPOCH));
                }
                replaced = waiting.put(inquiry.transactionalId(), pending);
            }
            if (replaced != null) {
                // the same epoch asks again after it lost patience; an older one is fenced
                boolean fenced = replaced.inquiry().producerEpoch() < inquiry.producerEpoch();
                replaced.answer()
                        .complete(replaced.inquiry()
                                .all(fenced ? Errors.INVALID_PRODUCER_EPOCH : Errors.NETWORK_EXCEPTION));
            }
            sendWaiting();
            return pending.answer();
        }

        private void sendWaiting() {
            Map<String, Pending> asked;
            synchronized (this) {
                if (inFlight || waiting.isEmpty()) {
                    return;
                }
                inFlight = true;
                asked = waiting;
                waiting = new LinkedHashMap<>();
            }
            Optional<Peer> peer = nodes.peer(brokerId);
            if (peer.isEmpty()) {
                finish(asked, Errors.COORDINATOR_NOT_AVAILABLE);
                return;
            }
            peers.send(peer.get(), PeerPurpose.COORDINATION, request(asked.values()))
                    .whenComplete((response, failure) -> answered(asked, response, failure));
        }

        private AddPartitionsToTxnRequest request(Iterable<Pending> asked) {
            AddPartitionsToTxnTransactionCollection transactions = new AddPartitionsToTxnTransactionCollection();
            for (Pending pending : asked) {
                Inquiry inquiry = pending.inquiry();
                transactions.add(new AddPartitionsToTxnTransaction()
                        .setTransactionalId(inquiry.transactionalId())
                        .setProducerId(inquiry.producerId())
                        .setProducerEpoch(inquiry.producerEpoch())
                        .setVerifyOnly(true)
                        .setTopics(topics(inquiry.partitions())));
            }
            return AddPartitionsToTxnRequest.Builder.forBroker(transactions).build(VERSION);
        }

        private static AddPartitionsToTxnTopicCollection topics(Set<TopicPartition> partitions) {
            AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
            for (TopicPartition partition : partitions) {
                AddPartitionsToTxnTopic topic = topics.find(partition.topic());
                if (topic == null) {
                    topic = new AddPartitionsToTxnTopic().setName(partition.topic());
                    topics.add(topic);
                }
                topic.partitions().add(partition.partition());
            }
            return topics;
        }

        private void answered(Map<String, Pending> asked, AbstractResponse response, Throwable failure) {
            if (response instanceof AddPartitionsToTxnResponse answer) {
                Errors error = Errors.forCode(answer.data().errorCode());
                if (error == Errors.NONE) {
                    finish(asked, answer.errors());
                } else {
                    // what a broker may not ask is nothing a client could mend
                    finish(asked, error == Errors.CLUSTER_AUTHORIZATION_FAILED ? Errors.INVALID_TXN_STATE : error);
                }
            } else if (Errors.maybeUnwrapException(failure) instanceof UnsupportedVersionException) {
                finish(asked, Errors.NONE);
            } else {
                finish(asked, Errors.NETWORK_EXCEPTION);
            }
        }

        private void finish(Map<String, Pending> asked, Map<String, Map<TopicPartition, Errors>> answers) {
            done();
            asked.forEach((id, pending) -> {
                Map<TopicPartition, Errors> answer = answers.get(id);
                pending.answer()
                        .complete(
                                answer == null
                                        ? pending.inquiry().all(Errors.NETWORK_EXCEPTION)
                                        : pending.inquiry().told(answer));
            });
        }

        private void finish(Map<String, Pending> asked, Errors error) {
            done();
            List.copyOf(asked.values()).forEach(pending -> pending.answer()
                    .complete(
                            error == Errors.NONE ? Map.of() : pending.inquiry().all(error)));
        }

        private void done() {
            synchronized (this) {
                inFlight = false;
            }
            sendWaiting();
        }
    }
}
