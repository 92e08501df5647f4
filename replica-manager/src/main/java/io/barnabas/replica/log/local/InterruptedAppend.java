// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;

/**
 * What an error of the machine, no memory above all, leaves of an append. The log is to be as if the append had not
 * begun, or as if it was complete; else the next one would write the same offsets again. Under the log's lock.
 */
final class InterruptedAppend {
    private final LogState state;

    InterruptedAppend(LogState state) {
        this.state = state;
    }

    /**
     * Makes the log whole: what was written and is not in the log yet is cut off; producers are read back from the log
     * where they may have been told of half of it. If that fails as well the directory is given up.
     *
     * @param segment the segment that was appended to
     * @param endBefore the log's end before the append
     * @param cause the error, which is the caller's to throw
     */
    void mend(LogSegment segment, long endBefore, Error cause) {
        try {
            if (state.logEndOffset() == endBefore) {
                segment.truncateTo(endBefore);
                state.epochs.truncateFromEnd(endBefore);
            }
            new ProducerRebuild(state.producers, state.segments, state.logStartOffset(), state.nowMs())
                    .to(state.logEndOffset(), false);
            state.updateFirstUnstable();
        } catch (IOException | RuntimeException | Error e) {
            cause.addSuppressed(e);
            state.reportFailure("Error while undoing an append that met " + cause, new IOException(e));
        }
    }
}
