// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

/**
 * A stage fails with this, or a handler throws it, where Kafka closes the connection instead of answering: Produce with
 * acks=0 that failed, an Envelope nobody expects. Logged as one line; carries no stack trace.
 */
public final class ConnectionClosedByHandlerException extends RuntimeException {
    /** @param why for the log */
    public ConnectionClosedByHandlerException(String why) {
        super(why, null, false, false);
    }
}
