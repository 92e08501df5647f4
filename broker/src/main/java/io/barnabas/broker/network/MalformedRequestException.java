// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import org.apache.kafka.common.errors.InvalidRequestException;

/** The peer sent what cannot be a request: its connection is closed. Carries no stack trace, for it is not our fault. */
final class MalformedRequestException extends InvalidRequestException {
    MalformedRequestException(String message) {
        super(message);
    }
}
