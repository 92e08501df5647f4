// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * Where a leader proposes a new in-sync set: AlterPartition to the controller (KIP-497), or below IBP 2.7 a conditional
 * write of the state node.
 *
 * <p>Must not block. Retries of the transport (no controller known, connection lost, NOT_CONTROLLER,
 * STALE_BROKER_EPOCH, UNKNOWN_TOPIC_ID during an upgrade) belong to the implementation; it may batch partitions. Future
 * completions may come on any thread.
 */
public interface IsrProposals {
    /** Proposes; at most one proposal per partition is under way. The future never fails. */
    CompletableFuture<Answer> propose(Proposal proposal);

    /**
     * A proposal.
     *
     * @param topicPartition which
     * @param topicId its topic's id, zero if none
     * @param proposed the state wanted: same leader and leader epoch, new ISR, on top of the partition epoch in it
     * @param isrEpochs the ISR again with each member's broker epoch as its last fetch told, -1 where not known (KIP-903)
     */
    record Proposal(TopicPartition topicPartition, Uuid topicId, LeaderAndIsr proposed, List<MemberEpoch> isrEpochs) {
        public Proposal {
            isrEpochs = List.copyOf(isrEpochs);
        }
    }

    /**
     * @param brokerId a member
     * @param brokerEpoch its broker epoch, -1 if not known
     */
    record MemberEpoch(int brokerId, long brokerEpoch) {}

    /**
     * The answer.
     *
     * @param error {@link Errors#NONE} if {@code state} is the partition's state now
     * @param state the state as committed; null on error
     */
    record Answer(Errors error, LeaderAndIsr state) {
        public static Answer committed(LeaderAndIsr state) {
            return new Answer(Errors.NONE, state);
        }

        public static Answer refused(Errors error) {
            return new Answer(error, null);
        }
    }
}
