// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.store.error.StoreDataException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * The paths by which tools and brokers of older protocol versions ask the controller for something. Removals check the
 * controller's term; {@link Versions#ANY} leaves the check out.
 */
public interface AdminPaths {
    /** Partitions whose preferred leader is asked for; empty if nothing is asked. */
    CompletableFuture<Optional<Set<TopicPartition>>> preferredElection();

    /** Removes {@code /admin/preferred_replica_election}, in the term of that zkVersion of the controller's epoch. */
    CompletableFuture<Void> removePreferredElection(int controllerEpochZkVersion);

    /**
     * Reassignments asked for the old way, {@code /admin/reassign_partitions}; empty if nothing is asked. Fails with {@link
     * StoreDataException} if it cannot be understood: then it is to be removed.
     */
    CompletableFuture<Optional<Map<TopicPartition, List<Integer>>>> legacyReassignment();

    /** Leaves only what is still under way; nothing left removes the node. */
    CompletableFuture<Void> replaceLegacyReassignment(
            Map<TopicPartition, List<Integer>> remaining, int controllerEpochZkVersion);

    /** What brokers below IBP 2.7 say about changed ISRs. Notes nobody can understand have empty content. */
    CompletableFuture<List<Notification<Set<TopicPartition>>>> isrChanges();

    /** Tells the controller that these ISRs were changed directly (IBP below 2.7). */
    CompletableFuture<Void> announceIsrChange(Set<TopicPartition> partitions);

    /** Removes notes of changed in-sync sets, in the term of that zkVersion of the controller's epoch. */
    CompletableFuture<Void> removeIsrChanges(Collection<String> names, int controllerEpochZkVersion);

    /** Brokers that lost a log directory. Notes nobody can understand have empty content. */
    CompletableFuture<List<Notification<OptionalInt>>> logDirFailures();

    /** Tells the controller that a log directory of this broker failed. */
    CompletableFuture<Void> announceLogDirFailure(int brokerId);

    /** Removes notes of failed log directories, in the term of that zkVersion of the controller's epoch. */
    CompletableFuture<Void> removeLogDirFailures(Collection<String> names, int controllerEpochZkVersion);
}
