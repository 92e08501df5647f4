// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/** One pipelined connection to a peer, on one event loop for its whole life, reconnections included. Thread-safe. */
public interface PeerConnection extends AutoCloseable {
    /** The broker at the other end. */
    Peer peer();

    /** The event loop on which all answers complete. */
    EventLoop eventLoop();

    /**
     * Sends a request, already built at its version. Requests leave in the order of the calls; answers come in that
     * order.
     *
     * <p>The future completes on {@link #eventLoop()}. Record batches in the answer are slices of the received buffer:
     * they are valid only until the future's dependents, run at once, return. It fails with
     * {@link org.apache.kafka.common.errors.TimeoutException} when the time is up (the connection is then dropped, as
     * its answers can no longer be told apart from lost ones), {@link org.apache.kafka.common.errors.DisconnectException}
     * when the connection breaks or cannot be made ({@link ConnectionRefusedException} where it was refused), and {@link java.util.concurrent.RejectedExecutionException} when
     * too many requests wait already.
     */
    CompletableFuture<AbstractResponse> send(AbstractRequest request);

    /** Whether the connection is up and requests are written at once. */
    boolean isConnected();

    /** Closes for good; requests in flight fail. Idempotent. */
    @Override
    void close();
}
