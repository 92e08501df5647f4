// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static io.barnabas.replica.log.segment.SegmentFiles.CLEANED;
import static io.barnabas.replica.log.segment.SegmentFiles.SWAP;

import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts cleaned segments in the place of others so that a crash at any point leaves either side whole:
 *
 * <ol>
 *   <li>{@code .cleaned} becomes {@code .swap}, the highest first: from now on a start completes the replacement;
 *   <li>the log reads the new segments, the old ones become {@code .deleted};
 *   <li>{@code .swap} is dropped from the names.
 * </ol>
 */
final class SegmentReplacement {
    private final LogState state;
    private final SegmentRemoval removal;

    SegmentReplacement(LogState state, SegmentRemoval removal) {
        this.state = state;
        this.removal = removal;
    }

    /** Under the log's lock; the caller syncs the directory after it. */
    void replace(List<LogSegment> cleaned, List<LogSegment> old) throws IOException {
        List<LogSegment> sorted = new ArrayList<>(cleaned);
        sorted.sort((a, b) -> Long.compare(b.baseOffset(), a.baseOffset()));
        for (LogSegment segment : sorted) {
            segment.changeSuffix(CLEANED, SWAP);
        }
        state.segments.replace(old, cleaned);
        removal.deleteLater(old, "");
        Set<Long> kept = new HashSet<>();
        for (LogSegment segment : cleaned) {
            segment.changeSuffix(SWAP, "");
            kept.add(segment.baseOffset());
        }
        for (LogSegment segment : old) {
            if (!kept.contains(segment.baseOffset())) {
                deleteSnapshot(segment.baseOffset());
            }
        }
    }

    private void deleteSnapshot(long offset) throws IOException {
        Path snapshot = state.producers.forgetSnapshot(offset);
        if (snapshot != null) {
            Files.deleteIfExists(snapshot);
        }
    }
}
