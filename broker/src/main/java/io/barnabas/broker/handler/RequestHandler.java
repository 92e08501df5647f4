// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Answers one request API at all advertised versions.
 *
 * <p>Called on the connection's event loop, in the order requests arrived on it; must not block. Whatever may wait
 * (ZooKeeper, a purgatory, a coordinator's loop) is waited for through the returned stage, which may complete on any
 * thread. The network keeps the answers of one connection in order. A stage that fails, or a method that throws, is
 * answered with {@link AbstractRequest#getErrorResponse(Throwable)}; where that is null, or for a
 * {@link ConnectionClosedByHandlerException}, the connection is closed.
 *
 * <p>The bytes behind a request (record batches in particular) are valid until the returned stage completes, or until
 * {@link #handle} returns if {@link #keepsBytes()} is false.
 *
 * @param <Q> the request class of {@link #api()}
 */
public interface RequestHandler<Q extends AbstractRequest> {
    /** The API whose requests it answers. */
    ApiKeys api();

    /**
     * Whether the bytes behind a request are needed until the stage completes. A handler that is done with them when
     * {@link #handle} returns says no, so that the memory of a large request is free while its answer is waited for.
     */
    default boolean keepsBytes() {
        return true;
    }

    /**
     * Starts the request.
     *
     * @return the answer to come; one completed with {@code null} sends nothing (Produce with acks=0)
     */
    CompletionStage<? extends AbstractResponse> handle(Q request, RequestContext context);
}
