// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.producer.CompletedTransaction;
import io.barnabas.replica.log.producer.ProducerStates;
import io.barnabas.replica.log.segment.LogSegment;
import io.barnabas.replica.log.segment.LogSegments;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the producers' state to an offset: from the latest snapshot, and the batches after it. */
final class ProducerRebuild {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerRebuild.class);

    private final ProducerStates producers;
    private final LogSegments segments;
    private final long logStartOffset;
    private final long nowMs;

    ProducerRebuild(ProducerStates producers, LogSegments segments, long logStartOffset, long nowMs) {
        this.producers = producers;
        this.segments = segments;
        this.logStartOffset = logStartOffset;
        this.nowMs = nowMs;
    }

    /**
     * Rebuilds. A log that was closed cleanly without any snapshot had no producers: then nothing is read.
     *
     * @param endOffset the offset to bring the state to
     * @param cleanShutdown whether the log was closed cleanly
     */
    void to(long endOffset, boolean cleanShutdown) throws IOException {
        if (cleanShutdown && producers.latestSnapshotOffset().isEmpty()) {
            producers.updateMapEndOffset(endOffset);
            producers.takeSnapshot();
            return;
        }
        boolean emptyBefore = producers.isEmpty() && producers.mapEndOffset() >= endOffset;
        producers.truncateAndReload(logStartOffset, endOffset, nowMs);
        if (endOffset > producers.mapEndOffset() && !emptyBefore) {
            replay(endOffset);
        }
        producers.updateMapEndOffset(endOffset);
        producers.takeSnapshot();
    }

    private void replay(long endOffset) throws IOException {
        List<LogSegment> affected = segments.between(producers.mapEndOffset(), endOffset);
        LOG.debug("Replaying producers from {} to {}: {}", producers.mapEndOffset(), endOffset, affected);
        for (int i = 0; i < affected.size(); i++) {
            LogSegment segment = affected.get(i);
            long from = Math.max(Math.max(segment.baseOffset(), producers.mapEndOffset()), logStartOffset);
            producers.updateMapEndOffset(from);
            if (i >= affected.size() - 2 && from == segment.baseOffset()) {
                producers.takeSnapshot();
            }
            segment.scan(from, segment.size(), (batch, position) -> {
                if (batch.baseOffset() >= endOffset) {
                    return false;
                }
                replay(producers, batch);
                return true;
            });
        }
    }

    /** Accounts for one batch; returns the transaction it ends, null if none. */
    static CompletedTransaction replay(ProducerStates producers, RecordBatch batch) {
        CompletedTransaction completed = producers.replay(batch);
        if (completed != null) {
            producers.complete(completed);
        }
        return completed;
    }
}
