// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.liveness;

import io.barnabas.broker.peer.ConnectionRefusedException;
import io.barnabas.broker.peer.Peer;
import io.barnabas.broker.peer.PeerClient;
import io.barnabas.broker.peer.PeerPurpose;
import io.barnabas.broker.protocol.LivenessCodec;
import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.liveness.Evidence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/**
 * Asks brokers for a sign of life, at most one question at a time for each. Owned by the observer's loop; answers are
 * handed to it as evidence.
 */
final class PeerProbes {
    /** A probe that waits for its time. */
    private record Waiting(long atNanos, ScheduledFuture<?> task) {}

    private final PeerClient peers;
    private final ScheduledExecutorService loop;
    private final LongSupplier ticker;
    private final Consumer<Evidence> evidence;
    private final Map<BrokerIncarnation, Peer> addresses = new HashMap<>();
    private final Map<BrokerIncarnation, Waiting> waiting = new HashMap<>();
    private final Set<BrokerIncarnation> inFlight = new HashSet<>();

    /**
     * @param loop the observer's
     * @param ticker monotonic nanoseconds
     * @param evidence where answers go; called on any thread
     */
    PeerProbes(PeerClient peers, ScheduledExecutorService loop, LongSupplier ticker, Consumer<Evidence> evidence) {
        this.peers = peers;
        this.loop = loop;
        this.ticker = ticker;
        this.evidence = evidence;
    }

    /**
     * Takes over who is where.
     *
     * @return the incarnations that moved to another address
     */
    Set<BrokerIncarnation> addresses(Map<BrokerIncarnation, Peer> now) {
        Set<BrokerIncarnation> moved = new HashSet<>();
        now.forEach((broker, peer) -> {
            Peer before = addresses.put(broker, peer);
            if (before != null && !before.equals(peer)) {
                moved.add(broker);
            }
        });
        addresses.keySet().retainAll(now.keySet());
        waiting.entrySet().removeIf(entry -> {
            boolean gone = !now.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().task().cancel(false);
            }
            return gone;
        });
        return moved;
    }

    /** Which incarnation is registered at an address, if one is. */
    Optional<BrokerIncarnation> at(Peer peer) {
        return addresses.entrySet().stream()
                .filter(entry -> entry.getValue().equals(peer))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    Optional<Peer> addressOf(BrokerIncarnation broker) {
        return Optional.ofNullable(addresses.get(broker));
    }

    /** Probes after a while; an earlier probe that waits stays, a later one makes way. */
    void probe(BrokerIncarnation broker, long afterMs) {
        if (!addresses.containsKey(broker)) {
            return;
        }
        long atNanos = ticker.getAsLong() + TimeUnit.MILLISECONDS.toNanos(afterMs);
        Waiting earlier = waiting.get(broker);
        if (earlier != null) {
            if (earlier.atNanos() - atNanos <= 0) {
                return;
            }
            earlier.task().cancel(false);
        }
        waiting.put(
                broker,
                new Waiting(atNanos, loop.schedule(() -> due(broker, atNanos), afterMs, TimeUnit.MILLISECONDS)));
    }

    private void due(BrokerIncarnation broker, long atNanos) {
        waiting.remove(broker);
        evidence.accept(new Evidence.Late(TimeUnit.NANOSECONDS.toMillis(ticker.getAsLong() - atNanos)));
        Peer peer = addresses.get(broker);
        if (peer == null || !inFlight.add(broker)) {
            return;
        }
        peers.send(peer, PeerPurpose.LIVENESS, LivenessCodec.probe())
                .whenComplete((answer, failure) -> loop.execute(() -> {
                    inFlight.remove(broker);
                    evidence.accept(meaning(broker, answer, failure));
                }));
    }

    private static Evidence meaning(BrokerIncarnation broker, AbstractResponse answer, Throwable failure) {
        if (failure == null) {
            return new Evidence.Answered(broker, LivenessCodec.isObserver((ApiVersionsResponse) answer));
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ConnectionRefusedException
                ? new Evidence.Refused(broker)
                : new Evidence.Unanswered(broker);
    }
}
