// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** The store holds something that cannot be understood; the message names the path and what was found. */
public final class StoreDataException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public StoreDataException(String message) {
        super(message);
    }
}
