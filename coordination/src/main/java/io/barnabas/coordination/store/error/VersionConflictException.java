// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** A conditional write found another version than it named: somebody else wrote first. Nothing was written. */
public final class VersionConflictException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public VersionConflictException(String message) {
        super(message);
    }
}
