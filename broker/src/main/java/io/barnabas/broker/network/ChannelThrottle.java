// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.network.wire.ReadGate;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Holds back a connection whose client is over its quota: it is not read for a time, while what it asked before is
 * answered (KIP-219). Costs a timer, never a thread. Owned by the connection's event loop.
 */
final class ChannelThrottle {
    private final ReadGate gate;
    private int holds;

    ChannelThrottle(ReadGate gate) {
        this.gate = gate;
    }

    /**
     * Does not read for a time. Overlapping times end with the last of them.
     *
     * @param ms how long, more than 0
     * @param loop the connection's event loop
     */
    void hold(int ms, ScheduledExecutorService loop) {
        gate.close(ReadGate.Reason.THROTTLED);
        holds++;
        try {
            loop.schedule(this::release, ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            release(); // the event loop ends, and the connection with it
        }
    }

    private void release() {
        holds--;
        if (holds == 0) {
            gate.open(ReadGate.Reason.THROTTLED);
        }
    }
}
