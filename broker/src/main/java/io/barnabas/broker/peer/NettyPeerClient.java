// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.broker.network.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/** Connections to peers on the broker's own event loops. */
public final class NettyPeerClient implements PeerClient {
    /** Compares by hand: a record's own comparison goes through method handles, slow to make and to run. */
    private record Key(int peerId, PeerPurpose purpose, int lane) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && peerId == that.peerId && purpose == that.purpose && lane == that.lane;
        }

        @Override
        public int hashCode() {
            return (peerId * 31 + purpose.hashCode()) * 31 + lane;
        }
    }

    private final Transport transport;
    private final PeerConfig settings;
    private final PeerChannelSetup setup;
    private final Executor resolver;
    private final LongSupplier ticker;
    private final Map<Key, NettyPeerConnection> connections = new ConcurrentHashMap<>();
    private final List<PeerListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /**
     * @param transport the event loops, borrowed
     * @param setup what comes before requests on a new connection
     * @param resolver looks up host names, which blocks
     * @param ticker monotonic nanoseconds
     */
    public NettyPeerClient(
            Transport transport, PeerConfig settings, PeerChannelSetup setup, Executor resolver, LongSupplier ticker) {
        this.transport = transport;
        this.settings = settings;
        this.setup = setup;
        this.resolver = resolver;
        this.ticker = ticker;
    }

    @Override
    public PeerConnection connection(Peer peer, PeerPurpose purpose, int lane, Duration requestTimeout) {
        if (closed) {
            throw new DisconnectException("the peer client is closed");
        }
        return connections.compute(new Key(peer.id(), purpose, lane), (key, current) -> {
            if (current != null && !current.isClosed() && current.peer().equals(peer)) {
                return current;
            }
            if (current != null) {
                current.close();
            }
            return open(peer, purpose, lane, requestTimeout);
        });
    }

    private NettyPeerConnection open(Peer peer, PeerPurpose purpose, int lane, Duration requestTimeout) {
        return new NettyPeerConnection(
                peer,
                clientId(purpose, lane),
                requestTimeout,
                new PeerEnvironment(transport, settings, setup, resolver, ticker, new Announcer()));
    }

    /** Client ids as Kafka's brokers use them. */
    private String clientId(PeerPurpose purpose, int lane) {
        return switch (purpose) {
            case FETCH -> "broker-" + settings.brokerId() + "-fetcher-" + lane;
            case CONTROL, CONTROLLER -> Integer.toString(settings.brokerId());
            case COORDINATION, LIVENESS -> "broker-" + settings.brokerId() + "-" + purpose.lowerName();
        };
    }

    @Override
    public CompletableFuture<AbstractResponse> send(Peer peer, PeerPurpose purpose, AbstractRequest request) {
        if (closed) {
            return CompletableFuture.failedFuture(new DisconnectException("the peer client is closed"));
        }
        return connection(peer, purpose, 0, settings.requestTimeout()).send(request);
    }

    @Override
    public void addListener(PeerListener listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        closed = true;
        connections.values().forEach(NettyPeerConnection::close);
        connections.clear();
    }

    /** Tells all listeners. */
    private final class Announcer implements PeerListener {
        @Override
        public void connected(Peer peer) {
            listeners.forEach(listener -> listener.connected(peer));
        }

        @Override
        public void lost(Peer peer) {
            listeners.forEach(listener -> listener.lost(peer));
        }

        @Override
        public void refused(Peer peer) {
            listeners.forEach(listener -> listener.refused(peer));
        }
    }
}
