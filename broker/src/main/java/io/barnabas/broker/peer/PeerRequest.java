// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A request on its way.
 *
 * @param header its header
 * @param request what is asked
 * @param deadlineNanos when it is given up, by {@link System#nanoTime()}
 * @param answer completes on the connection's event loop
 */
record PeerRequest(
        RequestHeader header, AbstractRequest request, long deadlineNanos, CompletableFuture<AbstractResponse> answer) {
    long nanosLeft(long nowNanos) {
        return deadlineNanos - nowNanos;
    }
}
