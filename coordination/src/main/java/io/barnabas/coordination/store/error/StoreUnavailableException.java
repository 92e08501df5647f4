// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** The store did not answer in the time allowed, or too much waits for it already. A write may or may not have happened. */
public final class StoreUnavailableException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message) {
        super(message);
    }
}
