// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.error;

/** Another controller was elected: a write named an older {@code /controller_epoch} version. The writer steps down. */
public final class ControllerFencedException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    public ControllerFencedException(String message) {
        super(message);
    }
}
