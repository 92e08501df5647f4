// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * The transactional ids coordinated here, as ListTransactions shows them (KIP-664, 994).
 *
 * @param error with any, nothing is listed
 * @param unknownStates states asked for that do not exist
 */
public record TransactionListing(Errors error, Set<String> unknownStates, List<ListedTransaction> transactions) {
    /** One transactional id. */
    public record ListedTransaction(String transactionalId, long producerId, String state) {}

    /**
     * Which to list.
     *
     * @param producerIds only these; empty for all
     * @param states only in states of these names; empty for all
     * @param durationMs only those begun longer ago; negative for all
     */
    public record Filter(Set<Long> producerIds, Set<String> states, long durationMs) {}
}
