// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a log ends, or gets another name: its files renamed, closed, deleted. Under the log's lock. */
final class LogDisposal {
    private static final Logger LOG = LoggerFactory.getLogger(LogDisposal.class);

    private final LogState state;

    LogDisposal(LogState state) {
        this.state = state;
    }

    /**
     * Renames the log's directory.
     *
     * @param sync whether the new name is forced to disk before this returns
     */
    void rename(String name, boolean sync) throws IOException {
        Path target = state.directory().resolveSibling(name);
        for (LogSegment segment : state.segments.all()) {
            if (!state.isRetired()) {
                segment.openHandles();
            }
        }
        state.epochs.renameDirectory(target, () -> state.ownDirectory.rename(target, sync));
        for (LogSegment segment : state.segments.all()) {
            segment.directoryRenamed(target);
        }
        state.producers.directoryRenamed(target);
    }

    /**
     * Puts the log away, to be deleted or to be kept unused. It is not closed when the broker stops, so its last indexes are
     * written now: whoever finds it there after a clean stop would miss them.
     */
    void retireAs(String name, boolean sync) throws IOException {
        state.become(LogStatus.RETIRED);
        try {
            state.segments.active().seal();
            rename(name, sync);
        } catch (IOException e) {
            // what fails here does say something about the directory
            state.become(LogStatus.OPEN);
            throw e;
        }
    }

    /** Brings all files up to date and closes them. */
    void close() throws IOException {
        if (!state.isRetired()) {
            state.ownDirectory.prepare();
        }
        if (state.ownDirectory.isOnDisk()) {
            state.epochs.flush(true);
        }
        state.producers.takeSnapshot();
        for (LogSegment segment : state.segments.all()) {
            segment.close();
        }
        state.become(LogStatus.CLOSED);
    }

    /** Closes the files as they are. */
    void closeHandles() {
        state.become(LogStatus.FAILED);
        state.ownDirectory.abandon();
        for (LogSegment segment : state.segments.all()) {
            try {
                segment.closeHandles();
            } catch (IOException e) {
                LOG.debug("Closing {} failed with its directory", segment, e);
            }
        }
    }

    /** Deletes everything, the directory too. */
    void delete() throws IOException {
        state.become(LogStatus.CLOSED);
        state.ownDirectory.abandon();
        for (LogSegment segment : state.segments.all()) {
            segment.deleteIfExists();
        }
        if (state.ownDirectory.isOnDisk()) {
            for (Path file : DirectoryListing.files(state.directory())) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(state.directory());
        }
    }
}
