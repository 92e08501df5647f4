// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** A live broker of another process holds this broker id. */
public final class BrokerIdTakenException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public BrokerIdTakenException(String message) {
        super(message);
    }
}
