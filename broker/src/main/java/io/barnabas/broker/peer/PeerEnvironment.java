// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.broker.network.Transport;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What all connections of one client share.
 *
 * @param transport the event loops, borrowed
 * @param settings bounds and time-outs
 * @param setup what comes before requests on a new connection
 * @param resolver looks up host names, which blocks
 * @param ticker monotonic nanoseconds
 * @param listener hears of connections made, lost and refused
 */
record PeerEnvironment(
        Transport transport,
        PeerConfig settings,
        PeerChannelSetup setup,
        Executor resolver,
        LongSupplier ticker,
        PeerListener listener) {}
