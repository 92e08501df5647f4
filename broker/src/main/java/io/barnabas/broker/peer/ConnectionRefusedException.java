// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import org.apache.kafka.common.errors.DisconnectException;

/** The peer's machine answered that nobody listens at the address. */
public final class ConnectionRefusedException extends DisconnectException {
    private static final long serialVersionUID = 1L;

    public ConnectionRefusedException(String message) {
        super(message);
    }
}
