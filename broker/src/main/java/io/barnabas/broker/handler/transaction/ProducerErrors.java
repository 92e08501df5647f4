// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import org.apache.kafka.common.protocol.Errors;

/** Errors in words the asking version knows. */
final class ProducerErrors {
    private ProducerErrors() {}

    /** PRODUCER_FENCED as INVALID_PRODUCER_EPOCH below the version that knows it (KIP-588). */
    static Errors shown(Errors error, short version, int knowsFencedFrom) {
        return error == Errors.PRODUCER_FENCED && version < knowsFencedFrom ? Errors.INVALID_PRODUCER_EPOCH : error;
    }
}
