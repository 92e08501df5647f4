// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.record;

/** A batch has more bytes than may be looked at: decompressed, unless it is not compressed. Carries no stack trace. */
public final class TooManyBytesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param limit how many bytes may be looked at */
    public TooManyBytesException(long limit) {
        super("more than " + limit + " bytes", null, false, false);
    }
}
