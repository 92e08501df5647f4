// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

/**
 * The broker cannot start with what it was told. The message is one line for the operator: what is wrong, where, and
 * how to mend it. The process prints it and exits with 1.
 */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
