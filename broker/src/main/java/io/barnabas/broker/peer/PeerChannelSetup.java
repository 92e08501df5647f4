// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;

/**
 * What comes before requests on a new connection: TLS and SASL put their handlers and handshakes here. Called on the
 * channel's event loop.
 */
public interface PeerChannelSetup {
    /** Nothing: a PLAINTEXT listener. */
    PeerChannelSetup PLAINTEXT = new PeerChannelSetup() {
        @Override
        public void prepare(Channel channel, Peer peer) {}

        @Override
        public CompletableFuture<Void> handshake(Channel channel, Peer peer) {
            return CompletableFuture.completedFuture(null);
        }
    };

    /** Adds handlers before the framing, while the channel is registered but not connected. */
    void prepare(Channel channel, Peer peer);

    /** Once connected: completes when requests may be sent; a failure closes the connection. */
    CompletableFuture<Void> handshake(Channel channel, Peer peer);
}
