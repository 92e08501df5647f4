// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.List;
import java.util.Optional;

/**
 * What a read found, with the log's offsets as they were <em>before</em> it, so that a reader never sees a high
 * watermark behind its records' bound.
 *
 * @param fetchOffset where the records begin, with its place on disk
 * @param records the bytes, still in the file; {@link FileSlice#EMPTY} if there are none. May end in the middle of a
 *     batch, as consumers expect
 * @param firstEntryIncomplete whether the limit cut the first batch itself short; such records are no use to anyone
 * @param abortedTransactions for {@link FetchIsolation#TXN_COMMITTED}, those overlapping the records; otherwise empty
 * @param highWatermark the high watermark
 * @param lastStableOffset the last stable offset
 * @param logStartOffset the first offset
 * @param logEndOffset the offset after the last
 */
public record LogReadInfo(
        LogOffsetMetadata fetchOffset,
        FileSlice records,
        boolean firstEntryIncomplete,
        Optional<List<AbortedTransaction>> abortedTransactions,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        long logEndOffset) {}
