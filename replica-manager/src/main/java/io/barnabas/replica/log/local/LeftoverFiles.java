// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static io.barnabas.replica.log.segment.SegmentFiles.CLEANED;
import static io.barnabas.replica.log.segment.SegmentFiles.DELETED;
import static io.barnabas.replica.log.segment.SegmentFiles.SWAP;

import io.barnabas.replica.log.segment.LogSegment;
import io.barnabas.replica.log.segment.SegmentContext;
import io.barnabas.replica.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what a crash interrupted: files to be deleted go, half-written cleaned segments go, and a replacement that
 * had begun (there are {@code .swap} files) is completed.
 */
final class LeftoverFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LeftoverFiles.class);

    private final Path directory;
    private final SegmentContext context;

    LeftoverFiles(Path directory, SegmentContext context) {
        this.directory = directory;
        this.context = context;
    }

    /** Does so, and lists what remains. */
    DirectoryListing settle(DirectoryListing listing) throws IOException {
        if (!listing.hasAnyWith(DELETED) && !listing.hasAnyWith(CLEANED) && !listing.hasAnyWith(SWAP)) {
            return listing;
        }
        List<Path> swaps = deleteTemporary();
        if (!swaps.isEmpty()) {
            complete(swaps);
        }
        return DirectoryListing.of(directory);
    }

    private void complete(List<Path> swaps) throws IOException {
        deleteReplaced(swaps);
        for (Path swap : swaps) {
            Path target = withoutSuffix(swap, SWAP);
            LOG.info("Recovering file {} by renaming it from {}", target, swap.getFileName());
            Files.deleteIfExists(target);
            Files.move(swap, target);
        }
    }

    /** Deletes {@code .deleted} and {@code .cleaned} files, and swaps of a split that was not finished. */
    private List<Path> deleteTemporary() throws IOException {
        List<Path> swaps = new ArrayList<>();
        long minCleaned = Long.MAX_VALUE;
        for (Path file : DirectoryListing.files(directory)) {
            String name = file.getFileName().toString();
            if (name.endsWith(DELETED)) {
                Files.deleteIfExists(file);
            } else if (name.endsWith(CLEANED)) {
                minCleaned = Math.min(minCleaned, baseOffset(file));
                Files.deleteIfExists(file);
            } else if (name.endsWith(SWAP)) {
                swaps.add(file);
            }
        }
        List<Path> valid = new ArrayList<>();
        for (Path swap : swaps) {
            if (baseOffset(swap) >= minCleaned) {
                LOG.info("Deleting swap file {} of an unfinished split", swap);
                Files.deleteIfExists(swap);
            } else {
                valid.add(swap);
            }
        }
        return valid;
    }

    /** Deletes the segments that the swapped ones replace. */
    private void deleteReplaced(List<Path> swaps) throws IOException {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (Path swap : swaps) {
            if (SegmentFiles.isLog(withoutSuffix(swap, SWAP).getFileName().toString())) {
                LogSegment segment = LogSegment.open(directory, baseOffset(swap), context, SWAP);
                from = Math.min(from, segment.baseOffset());
                to = Math.max(to, segment.readNextOffset());
                segment.closeHandles();
            }
        }
        for (Path file : DirectoryListing.files(directory)) {
            OptionalLong base = SegmentFiles.baseOffset(file.getFileName().toString());
            boolean swap = file.getFileName().toString().endsWith(SWAP);
            if (!swap && base.isPresent() && base.getAsLong() >= from && base.getAsLong() < to) {
                LOG.info("Deleting {}, which was compacted but not yet deleted", file);
                Files.deleteIfExists(file);
            }
        }
    }

    private static Path withoutSuffix(Path file, String suffix) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - suffix.length()));
    }

    private static long baseOffset(Path file) {
        return SegmentFiles.baseOffset(file.getFileName().toString()).orElse(Long.MAX_VALUE);
    }
}
