// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code leader-epoch-checkpoint} in the background soon after a change; changes in between are one write. Where
 * the log's directory is still to be made, whoever makes it writes the epochs too.
 */
final class EpochFlusher {
    private static final Logger LOG = LoggerFactory.getLogger(EpochFlusher.class);

    private final LogState state;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    EpochFlusher(LogState state) {
        this.state = state;
    }

    void flushSoon() {
        if (!state.ownDirectory.isOnDisk() || !scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            state.environment.background().execute(this::flush);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} writes its epochs when it is closed: the broker stops", state.partition, e);
        } catch (Error e) {
            scheduled.set(false);
            throw e;
        }
    }

    private void flush() {
        scheduled.set(false);
        if (state.isRetired()) {
            return;
        }
        try {
            state.epochs.flush(false);
        } catch (IOException e) {
            state.reportPostponed("Error while writing the leader epochs", e);
        }
    }
}
