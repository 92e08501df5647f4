// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.BrokerRegistry;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.StoreDataException;
import io.barnabas.coordination.zookeeper.client.Bulk;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.BrokerCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** {@code /brokers/ids} and the counter of generated ids, {@code /brokers/seqid}. */
record ZooKeeperBrokerRegistry(Nodes nodes, OwnEphemeral ownEphemeral, InstantSource clock) implements BrokerRegistry {
    @Override
    public CompletableFuture<Long> register(BrokerRegistration registration) {
        return ownEphemeral.create(
                ZnodePaths.broker(registration.id()), BrokerCodec.encode(registration, clock.millis()));
    }

    @Override
    public CompletableFuture<Void> update(BrokerRegistration registration) {
        return ownEphemeral.update(
                ZnodePaths.broker(registration.id()), BrokerCodec.encode(registration, clock.millis()));
    }

    @Override
    public CompletableFuture<Void> unregister(int brokerId) {
        return ownEphemeral.delete(ZnodePaths.broker(brokerId));
    }

    @Override
    public CompletableFuture<SortedSet<Integer>> ids() {
        return nodes.children(ZnodePaths.BROKER_IDS).thenApply(children -> {
            SortedSet<Integer> ids = new TreeSet<>();
            children.forEach(child -> ids.add(brokerId(child)));
            return ids;
        });
    }

    private static int brokerId(String child) {
        try {
            return Integer.parseInt(child);
        } catch (NumberFormatException e) {
            throw new StoreDataException(ZnodePaths.BROKER_IDS + ": '" + child + "' is no broker id");
        }
    }

    @Override
    public CompletableFuture<SortedMap<Integer, BrokerInfo>> brokers() {
        return ids().thenCompose(ids -> Bulk.list(ids, this::broker)).thenApply(found -> {
            SortedMap<Integer, BrokerInfo> brokers = new TreeMap<>();
            found.forEach(broker -> broker.ifPresent(info -> brokers.put(info.id(), info)));
            return brokers;
        });
    }

    @Override
    public CompletableFuture<Optional<BrokerInfo>> broker(int id) {
        return nodes.data(ZnodePaths.broker(id)).thenApply(answer -> {
            if (answer.isMissing()) {
                return Optional.empty();
            }
            BrokerRegistration registration =
                    BrokerCodec.decode(id, answer.orThrow().value());
            return Optional.of(registration.toInfo(answer.stat().getCzxid()));
        });
    }

    /** The counter is the node's version: it rises with each write of nothing. A lost reply costs a number. */
    @Override
    public CompletableFuture<Integer> generateId(int reservedBrokerMaxId) {
        return nodes.setData(ZnodePaths.BROKER_SEQUENCE, new byte[0], Versions.ANY)
                .thenCompose(answer -> {
                    if (answer.isMissing()) {
                        return nodes.createRecursively(ZnodePaths.BROKER_SEQUENCE, null)
                                .thenCompose(ignored -> generateId(reservedBrokerMaxId));
                    }
                    return CompletableFuture.completedFuture(
                            reservedBrokerMaxId + answer.orThrow().stat().getVersion());
                });
    }
}
