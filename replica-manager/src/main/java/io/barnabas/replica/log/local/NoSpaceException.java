// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.io.IOException;

/** An append found no room, and left the log as it was. */
final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    NoSpaceException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
