// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

/** A broker cannot start, for a reason its operator can mend; the message is the one line to print. */
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartupException(String message, Throwable cause) {
        super(message, cause);
    }

    public StartupException(String message) {
        super(message);
    }
}
