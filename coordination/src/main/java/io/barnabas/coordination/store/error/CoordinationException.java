// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/**
 * A coordination store operation that did not do what was asked. The subclasses say why; a bare one is a failure the
 * store reports and that has no answer but to look at it (no permission, quota).
 */
public class CoordinationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CoordinationException(String message) {
        super(message);
    }

    public CoordinationException(String message, Throwable cause) {
        super(message, cause);
    }
}
