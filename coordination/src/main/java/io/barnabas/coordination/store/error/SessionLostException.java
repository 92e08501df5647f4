// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** The session ended before the answer came, so the outcome is unknown. The owner starts over when the next session is there. */
public final class SessionLostException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public SessionLostException(String message) {
        super(message);
    }
}
