// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import org.apache.kafka.common.protocol.Errors;

/**
 * What became of a deletion of records.
 *
 * @param error {@link Errors#NONE} once every live replica has moved its log start offset
 * @param lowWatermark the smallest log start offset among the live replicas, -1 on error
 */
public record DeleteRecordsResult(Errors error, long lowWatermark) {
    public static final long INVALID_LOW_WATERMARK = -1L;
    /** The offset that stands for "all up to the high watermark" in a request. */
    public static final long HIGH_WATERMARK = -1L;

    /** The outcome of a partition whose records were not deleted. */
    public static DeleteRecordsResult failed(Errors error) {
        return new DeleteRecordsResult(error, INVALID_LOW_WATERMARK);
    }
}
