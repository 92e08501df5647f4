// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** The store belongs to another cluster than the one this broker was part of. */
public final class ClusterIdMismatchException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public ClusterIdMismatchException(String message) {
        super(message);
    }
}
