// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import org.apache.kafka.common.errors.InvalidRequestException;

/** The peer sent what cannot be a request: its connection is closed. Carries no stack trace, for it is not our fault. */
public final class MalformedRequestException extends InvalidRequestException {
    public MalformedRequestException(String message) {
        super(message);
    }
}
