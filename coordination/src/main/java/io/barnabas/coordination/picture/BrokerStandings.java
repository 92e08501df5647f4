// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.picture;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.cluster.BrokerInfo;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * How brokers stand. Part of a {@link ClusterPicture}, which documents what each question means; not thread-safe.
 *
 * <p>Suspicion is kept with the incarnation it is about: another incarnation of the same broker starts without.
 */
final class BrokerStandings {
    private final SortedMap<Integer, BrokerInfo> registered = new TreeMap<>();
    private final SortedMap<Integer, BrokerInfo> shownRegistered = Collections.unmodifiableSortedMap(registered);
    private final Set<Integer> shuttingDown = new TreeSet<>();
    private final SortedSet<Integer> suspected = new TreeSet<>();
    private final Map<Integer, Set<TopicPartition>> offlineDirs = new HashMap<>();

    SortedMap<Integer, BrokerInfo> registered() {
        return shownRegistered;
    }

    boolean isRegistered(int id) {
        return registered.containsKey(id);
    }

    boolean isRegistered(BrokerIncarnation incarnation) {
        BrokerInfo broker = registered.get(incarnation.id());
        return broker != null && broker.epoch() == incarnation.epoch();
    }

    boolean isShuttingDown(int id) {
        return shuttingDown.contains(id);
    }

    boolean isSuspected(int id) {
        return suspected.contains(id);
    }

    boolean isReachable(int id) {
        return isRegistered(id) && !isSuspected(id);
    }

    boolean mayLead(int id) {
        return isReachable(id) && !isShuttingDown(id);
    }

    SortedSet<Integer> suspected() {
        return Collections.unmodifiableSortedSet(suspected);
    }

    SortedSet<Integer> staying() {
        SortedSet<Integer> staying = new TreeSet<>(registered.keySet());
        staying.removeAll(shuttingDown);
        return staying;
    }

    void register(BrokerInfo broker) {
        Optional<BrokerInfo> before = Optional.ofNullable(registered.put(broker.id(), broker));
        if (before.isPresent() && before.get().epoch() != broker.epoch()) {
            suspected.remove(broker.id());
        }
    }

    void deregister(int id) {
        registered.remove(id);
        shuttingDown.remove(id);
        suspected.remove(id);
        offlineDirs.remove(id);
    }

    void shutsDown(int id) {
        shuttingDown.add(id);
    }

    boolean suspect(BrokerIncarnation incarnation) {
        return isRegistered(incarnation) && suspected.add(incarnation.id());
    }

    boolean answered(BrokerIncarnation incarnation) {
        return isRegistered(incarnation) && suspected.remove(incarnation.id());
    }

    Set<TopicPartition> offlineDirs(int id) {
        return offlineDirs.getOrDefault(id, Set.of());
    }

    boolean hasOfflineDirs(int id) {
        return offlineDirs.containsKey(id);
    }

    boolean hasDirectory(int id, TopicPartition partition) {
        return offlineDirs.isEmpty() || !offlineDirs(id).contains(partition);
    }

    void setOfflineDirs(int id, Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            offlineDirs.remove(id);
        } else {
            offlineDirs.put(id, Set.copyOf(partitions));
        }
    }
}
