// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.coordination.store.error.CoordinationException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into what a client is told. */
final class AlterErrors {
    private static final Logger LOG = LoggerFactory.getLogger(AlterErrors.class);

    private AlterErrors() {}

    static ApiError of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof CoordinationException) {
            LOG.warn("Configuration could not be read or written: {}", cause.getMessage());
            return new ApiError(Errors.UNKNOWN_SERVER_ERROR, cause.getMessage());
        }
        ApiError error = ApiError.fromThrowable(cause);
        if (error.error() == Errors.UNKNOWN_SERVER_ERROR) {
            LOG.error("A configuration request failed unexpectedly", cause);
        }
        return error;
    }
}
