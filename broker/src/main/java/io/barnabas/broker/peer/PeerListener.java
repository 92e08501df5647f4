// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

/**
 * Hears how connections to peers fare. A reset followed by a refusal is what a killed process looks like; what to make
 * of it is the listener's decision.
 */
public interface PeerListener {
    /** A connection to the peer was made. */
    default void connected(Peer peer) {}

    /** An established connection was closed or reset by the peer or the network. */
    default void lost(Peer peer) {}

    /** The peer's machine answered that nobody listens at the address. */
    default void refused(Peer peer) {}
}
