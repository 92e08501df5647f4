// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import org.apache.kafka.common.protocol.Errors;

/**
 * Why something was not done: Kafka's error and the message a client is shown, or {@link #NONE}.
 *
 * @param error the error code
 * @param message the message; null says what the code says
 */
public record Refusal(Errors error, String message) {
    /** Nothing was refused. */
    public static final Refusal NONE = new Refusal(Errors.NONE, null);
    /** This broker is not the controller. */
    public static final Refusal NOT_CONTROLLER = new Refusal(Errors.NOT_CONTROLLER, null);

    /** A refusal that says no more than its code. */
    public static Refusal of(Errors error) {
        return error == Errors.NONE ? NONE : new Refusal(error, null);
    }

    /** Whether nothing was refused. */
    public boolean isNone() {
        return error == Errors.NONE;
    }

    /** The message to show: this one's, else the code's own. */
    public String shown() {
        return message == null ? error.message() : message;
    }
}
