// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** What was to be changed does not exist. Nothing was written. */
public final class EntryMissingException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public EntryMissingException(String message) {
        super(message);
    }
}
