// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * What the controller answers to an {@link IsrProposal}.
 *
 * @param error an error for the whole: NOT_CONTROLLER, STALE_BROKER_EPOCH, UNKNOWN_SERVER_ERROR
 * @param partitions the outcome per partition; empty when {@code error} is set
 */
public record IsrDecision(Errors error, List<Partition> partitions) {
    public IsrDecision {
        partitions = List.copyOf(partitions);
    }

    /** A proposal refused as a whole. */
    public static IsrDecision refused(Errors error) {
        return new IsrDecision(error, List.of());
    }

    /**
     * One partition's outcome.
     *
     * @param topic its name; empty if the id given is unknown
     * @param topicId its id as proposed or known
     * @param partition its index
     * @param error why refused
     * @param leaderAndIsr the state now; empty if refused
     */
    public record Partition(
            String topic, Uuid topicId, int partition, Errors error, Optional<LeaderAndIsr> leaderAndIsr) {}
}
