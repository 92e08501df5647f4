// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.handler.ConnectionClosedByHandlerException;
import io.barnabas.broker.network.wire.ResponseEncoder;
import io.barnabas.coordination.event.EventSink;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the outcome of requests to their connection, unflushed. Owned by the connection's event loop. */
final class ResponseWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

    private final ChannelHandlerContext ctx;
    private final ConnectionIdentity identity;
    private final EventSink events;

    ResponseWriter(ChannelHandlerContext ctx, ConnectionIdentity identity, EventSink events) {
        this.ctx = ctx;
        this.identity = identity;
        this.events = events;
    }

    /**
     * Writes a request's answer, or the error its failure is to the peer.
     *
     * @return why the connection must be closed instead, if so
     */
    Optional<String> write(PendingRequest request) {
        if (request.failure() != null) {
            return writeError(request, unwrap(request.failure()));
        }
        if (request.response() == null) {
            return Optional.empty();
        }
        List<Object> parts;
        try {
            parts = encode(request, request.response());
        } catch (RuntimeException | OutOfMemoryError e) {
            return writeError(request, e);
        }
        write(parts);
        return Optional.empty();
    }

    /** A request that wants no answer (Produce with acks=0) learns of its failure by losing the connection. */
    private Optional<String> writeError(PendingRequest request, Throwable failure) {
        if (failure instanceof ConnectionClosedByHandlerException) {
            return Optional.of(request + ": " + failure.getMessage());
        }
        if (failure instanceof OutOfMemoryError) {
            events.record(new NetworkEvents.OutOfMemory(
                    request.toString(), identity.toString(), "no memory for a request: " + failure.getMessage()));
        }
        if (!(failure instanceof ApiException)) {
            LOG.error("{} of {} failed for a fault of this broker", request, identity, failure);
        }
        try {
            AbstractResponse error = request.request().getErrorResponse(failure);
            if (error == null) {
                return Optional.of(request + " wants no answer and failed: " + failure.getMessage());
            }
            write(encode(request, error));
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of("no error can be written for " + request + ": " + e.getMessage());
        }
    }

    private List<Object> encode(PendingRequest request, AbstractResponse response) {
        return ResponseEncoder.encode(ctx.alloc(), request.context().header(), response, request.responseVersion());
    }

    private void write(List<Object> parts) {
        for (Object part : parts) {
            ctx.write(part, ctx.voidPromise());
        }
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
