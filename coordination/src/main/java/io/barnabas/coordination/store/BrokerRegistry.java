// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.store.error.BrokerIdTakenException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/** Who is alive: the ephemeral entries in {@code /brokers/ids}. */
public interface BrokerRegistry {
    /**
     * Registers this broker for as long as the session lives. An entry left by an earlier session of this broker's own is
     * removed first; one of another live process is waited for, at most a session timeout, and then fails with {@link
     * BrokerIdTakenException}.
     *
     * @return the broker epoch (KIP-380)
     */
    CompletableFuture<Long> register(BrokerRegistration registration);

    /** Rewrites the registration in place (listeners or their addresses changed); the broker epoch stays. */
    CompletableFuture<Void> update(BrokerRegistration registration);

    /** Removes this session's registration; nothing happens if there is none. */
    CompletableFuture<Void> unregister(int brokerId);

    /** The ids of the live brokers. */
    CompletableFuture<SortedSet<Integer>> ids();

    /** The live brokers by id, with their epochs. */
    CompletableFuture<SortedMap<Integer, BrokerInfo>> brokers();

    /** A live broker, with its epoch. */
    CompletableFuture<Optional<BrokerInfo>> broker(int id);

    /** A broker id nobody was given before: {@code reserved.broker.max.id} plus a cluster-wide counter. */
    CompletableFuture<Integer> generateId(int reservedBrokerMaxId);
}
