// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/**
 * How far to look into a client's batch before it is appended.
 *
 * @param maxBytes the most to decompress
 * @param maxRewrittenBytes the most to write anew in another format or compression, which costs more than reading
 * @param believeCompressed whether the header of a compressed batch is believed where the topic asks nothing of its
 *     records
 */
public record RecordsLook(long maxBytes, long maxRewrittenBytes, boolean believeCompressed) {
    /** To the end, whatever it takes. */
    public static final RecordsLook WHOLE = new RecordsLook(Long.MAX_VALUE, Long.MAX_VALUE, false);
}
