// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

/** Makes the client that reaches other brokers: over sockets in a process, over a simulated network in a simulation. */
@FunctionalInterface
public interface PeerTransport {
    /**
     * A client for one broker; the caller closes it.
     *
     * @param settings its bounds and time-outs
     * @param setup what comes before requests on a new connection
     */
    PeerClient open(PeerConfig settings, PeerChannelSetup setup);
}
