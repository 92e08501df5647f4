// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.network.wire.RequestMemory;
import io.netty.buffer.ByteBuf;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * A request from its frame to its answer. Owned by the connection's event loop, except that {@link #accept} may be
 * called once by any thread.
 */
final class PendingRequest implements BiConsumer<AbstractResponse, Throwable> {
    private final RequestParser.Parsed parsed;
    private final RequestContext context;
    private final OverlapRule.Kind kind;
    private final RequestMemory memory;
    private final int frameBytes;
    private final Consumer<PendingRequest> onOutcome;
    private ByteBuf frame;
    private AbstractResponse response;
    private Throwable failure;
    private boolean finished;

    /**
     * Takes over the frame.
     *
     * @param onOutcome told by the thread that brings the outcome
     */
    PendingRequest(
            RequestParser.Parsed parsed,
            RequestContext context,
            ByteBuf frame,
            RequestMemory memory,
            Consumer<PendingRequest> onOutcome) {
        this.parsed = parsed;
        this.context = context;
        this.kind = OverlapRule.Kind.of(parsed.request());
        this.memory = memory;
        this.frameBytes = frame.readableBytes();
        this.frame = frame;
        this.onOutcome = onOutcome;
        if (!parsed.usesFrame()) {
            releaseFrame();
        }
    }

    AbstractRequest request() {
        return parsed.request();
    }

    RequestContext context() {
        return context;
    }

    /** The size of its frame. */
    int frameBytes() {
        return frameBytes;
    }

    short responseVersion() {
        return parsed.responseVersion();
    }

    OverlapRule.Kind kind() {
        return kind;
    }

    @Override
    public void accept(AbstractResponse newResponse, Throwable newFailure) {
        this.response = newResponse;
        this.failure = newFailure;
        onOutcome.accept(this);
    }

    /** The answer; null if there is none to send, or a failure. */
    AbstractResponse response() {
        return response;
    }

    void answer(AbstractResponse newResponse) {
        this.response = newResponse;
    }

    Throwable failure() {
        return failure;
    }

    /** The outcome has reached the event loop: the request's bytes are not needed any more. */
    void finish() {
        finished = true;
        releaseFrame();
    }

    boolean isFinished() {
        return finished;
    }

    /** Gives the frame's bytes back, at most once. */
    void releaseFrame() {
        if (frame != null) {
            frame.release();
            frame = null;
            memory.release(frameBytes);
        }
    }

    @Override
    public String toString() {
        return parsed.header().apiKey().name + " v" + parsed.header().apiVersion() + " correlationId="
                + parsed.header().correlationId() + " clientId="
                + parsed.header().clientId();
    }
}
