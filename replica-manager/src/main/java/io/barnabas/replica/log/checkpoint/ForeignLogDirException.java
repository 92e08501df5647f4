// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

/** A log directory belongs to another cluster or broker; its message is the one line the operator gets. */
public final class ForeignLogDirException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ForeignLogDirException(String message) {
        super(message);
    }
}
