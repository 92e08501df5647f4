// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.segment.LogSegment;
import io.barnabas.replica.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes segments out of a log: renamed to {@code .deleted} at once, deleted after {@code file.delete.delay.ms}, so that
 * reads under way end in peace. Called under the log's lock.
 */
final class SegmentRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRemoval.class);

    private final LogState state;

    SegmentRemoval(LogState state) {
        this.state = state;
    }

    /** Removes segments with the producer snapshots they began with. */
    void remove(List<LogSegment> segments, String why) throws IOException {
        if (segments.isEmpty()) {
            return;
        }
        LOG.info("Removing segments {} of {}: {}", segments, state.partition, why);
        state.segments.replace(segments, List.of());
        deleteLater(segments, "");
        for (LogSegment segment : segments) {
            removeSnapshot(segment.baseOffset());
        }
    }

    /** Renames and deletes segments that are no longer in the log. */
    void deleteLater(List<LogSegment> segments, String suffix) throws IOException {
        for (LogSegment segment : segments) {
            segment.changeSuffix(suffix, SegmentFiles.DELETED);
        }
        later(() -> {
            for (LogSegment segment : segments) {
                segment.deleteIfExists();
            }
        });
    }

    private void removeSnapshot(long offset) throws IOException {
        Path snapshot = state.producers.forgetSnapshot(offset);
        if (snapshot == null || !Files.exists(snapshot)) {
            return;
        }
        Path renamed = snapshot.resolveSibling(snapshot.getFileName() + SegmentFiles.DELETED);
        DurableFiles.move(snapshot, renamed, false);
        later(() -> Files.deleteIfExists(renamed));
    }

    /** Deletion of files; a failure takes the directory offline. */
    private interface Deletion {
        void run() throws IOException;
    }

    private void later(Deletion deletion) {
        try {
            state.environment
                    .background()
                    .schedule(() -> run(deletion), state.config.fileDeleteDelayMs(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the broker stops: the next start deletes what is called .deleted
            LOG.debug("{} leaves deleted files to the next start", state.partition, e);
        }
    }

    private void run(Deletion deletion) {
        try {
            deletion.run();
        } catch (IOException e) {
            state.reportFailure("Error while deleting segments", e);
        }
    }
}
