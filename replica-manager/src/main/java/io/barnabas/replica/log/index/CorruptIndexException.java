// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.index;

import java.io.IOException;

/** An index file that cannot be right; the segment rebuilds it. */
public final class CorruptIndexException extends IOException {
    private static final long serialVersionUID = 1L;

    public CorruptIndexException(String message) {
        super(message);
    }
}
