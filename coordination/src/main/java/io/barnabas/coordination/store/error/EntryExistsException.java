// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** What was to be created exists already, and it is not our own earlier attempt. Nothing was written. */
public final class EntryExistsException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public EntryExistsException(String message) {
        super(message);
    }
}
