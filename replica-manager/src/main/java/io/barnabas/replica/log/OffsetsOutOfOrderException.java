// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/** Fetched batches whose offsets do not rise; nothing was appended. The follower must fetch again. */
public final class OffsetsOutOfOrderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OffsetsOutOfOrderException(String message) {
        super(message);
    }
}
