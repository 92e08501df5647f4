// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.controller.event.ReassignmentEvents;
import io.barnabas.coordination.store.error.EntryMissingException;
import io.barnabas.coordination.store.error.StoreDataException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * The node {@code /admin/reassign_partitions}: tools write entries into it, the controller takes out what is done or
 * refused, and removes it with the last one. Owned by the loop, one per term.
 */
final class ReassignmentNode {
    private final Term term;
    /** What the node holds, as last read or written here. */
    private Map<TopicPartition, List<Integer>> held = Map.of();

    ReassignmentNode(Term term) {
        this.term = term;
    }

    /**
     * Reads the node. Completes with the entries that are new or name other replicas than before; to a new controller
     * all are new. A node that cannot be read counts as empty, with an event.
     */
    CompletableFuture<Map<TopicPartition, List<Integer>>> readNew() {
        return term.loop
                .hop(term.store.adminPaths().legacyReassignment())
                .exceptionallyCompose(failure -> {
                    if (!(Failures.cause(failure) instanceof StoreDataException)) {
                        return CompletableFuture.failedFuture(Failures.cause(failure));
                    }
                    term.events.record(new ReassignmentEvents.ReassignmentRefused(
                            Optional.empty(), String.valueOf(failure.getMessage())));
                    return CompletableFuture.completedFuture(Optional.empty());
                })
                .thenApply(read -> take(read.orElse(Map.of())));
    }

    private Map<TopicPartition, List<Integer>> take(Map<TopicPartition, List<Integer>> read) {
        Map<TopicPartition, List<Integer>> fresh = new LinkedHashMap<>(read);
        fresh.entrySet().removeAll(held.entrySet());
        held = read;
        return fresh;
    }

    /** Takes the entries out whose reassignment is not under way any more. */
    CompletableFuture<Void> retainUnderWay() {
        return retain(id -> term.picture
                .partition(id)
                .filter(term.picture.reassigning()::contains)
                .isPresent());
    }

    /** Takes the entries out that do not fit, and removes the node when none is left. */
    CompletableFuture<Void> retain(Predicate<TopicPartition> fits) {
        Map<TopicPartition, List<Integer>> rest = new HashMap<>(held);
        rest.keySet().removeIf(fits.negate());
        if (rest.equals(held)) {
            return Term.done();
        }
        held = rest;
        return term.loop
                .hop(term.store.adminPaths().replaceLegacyReassignment(rest, term.fence()))
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof EntryMissingException
                        ? Term.done() // somebody removed the node by hand
                        : CompletableFuture.failedFuture(Failures.cause(failure)));
    }
}
