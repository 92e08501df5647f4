// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/** Sends requests to other brokers. Thread-safe; nothing here blocks. */
public interface PeerClient extends AutoCloseable {
    /**
     * The connection to a peer for a purpose, made when first used and made anew, after a backoff, when it breaks. The
     * same arguments give the same connection as long as it is not closed; another address of the same broker id
     * gives a new one.
     *
     * @param lane distinguishes connections of one purpose (the fetcher id); 0 for all others
     * @param requestTimeout how long each request may take, its wait for the connection included
     */
    PeerConnection connection(Peer peer, PeerPurpose purpose, int lane, Duration requestTimeout);

    /**
     * Sends one request on the shared connection of the purpose, with {@code request.timeout.ms}.
     *
     * @see PeerConnection#send
     */
    CompletableFuture<AbstractResponse> send(Peer peer, PeerPurpose purpose, AbstractRequest request);

    /** Tells of resets and refusals from now on; called on event loops, so it must be quick. */
    void addListener(PeerListener listener);

    /** Closes every connection; requests in flight fail. */
    @Override
    void close();
}
