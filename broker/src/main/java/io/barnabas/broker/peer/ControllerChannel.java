// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * The way from a broker to whoever is the active controller. Requests wait, in order and in bounded number, while there
 * is none, and are sent again when the answer is NOT_CONTROLLER, the controller changes or the connection breaks.
 */
public interface ControllerChannel extends AutoCloseable {
    /**
     * Sends a request to the active controller.
     *
     * @param request already built at the version of the inter-broker protocol
     * @param deadline how long to go on trying; the future then fails with
     *     {@link org.apache.kafka.common.errors.TimeoutException}
     * @return the answer, never NOT_CONTROLLER; completes on an event loop
     */
    CompletableFuture<AbstractResponse> send(AbstractRequest request, Duration deadline);

    /** Fails what waits and closes the connection. */
    @Override
    void close();
}
