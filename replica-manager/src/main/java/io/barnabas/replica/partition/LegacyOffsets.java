// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.OffsetQuery;
import io.barnabas.replica.log.PartitionLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * ListOffsets v0, which knows no record times: it goes by the files' modification times and may give several segments'
 * first offsets. Stateless; looks into the log's directory.
 */
final class LegacyOffsets {
    private static final String SEGMENT_SUFFIX = ".log";

    private LegacyOffsets() {}

    private record Segment(long baseOffset, long modifiedMs, long bytes) {}

    /**
     * @param visibleEnd offsets beyond this are not told: the high watermark for consumers
     * @return offsets, newest first, at most {@code maxOffsets}
     */
    static List<Long> before(PartitionLog log, long timestamp, int maxOffsets, long visibleEnd, long nowMs) {
        List<Long> all = newestFirst(log, timestamp, maxOffsets, nowMs);
        if (all.isEmpty() || all.get(0) <= visibleEnd) {
            return all;
        }
        List<Long> visible = new ArrayList<>();
        visible.add(visibleEnd);
        all.stream().dropWhile(offset -> offset > visibleEnd).forEach(visible::add);
        return visible.size() > maxOffsets ? visible.subList(0, maxOffsets) : visible;
    }

    private static List<Long> newestFirst(PartitionLog log, long timestamp, int maxOffsets, long nowMs) {
        List<Segment> candidates = new ArrayList<>(segments(log.directory()));
        if (candidates.isEmpty()) {
            // without a record yet, a log has no file either
            candidates.add(new Segment(log.logStartOffset(), createdMs(log.directory(), nowMs), 0));
        }
        boolean endCounts = candidates.get(candidates.size() - 1).bytes() > 0;
        if (endCounts) {
            candidates.add(new Segment(log.logEndOffset(), nowMs, 0));
        }
        int newest = newestIndex(candidates, timestamp);
        List<Long> offsets = new ArrayList<>();
        for (int i = newest; i >= 0 && offsets.size() < maxOffsets; i--) {
            offsets.add(Math.max(candidates.get(i).baseOffset(), log.logStartOffset()));
        }
        return offsets;
    }

    private static int newestIndex(List<Segment> candidates, long timestamp) {
        if (timestamp == OffsetQuery.LATEST) {
            return candidates.size() - 1;
        }
        if (timestamp == OffsetQuery.EARLIEST) {
            return 0;
        }
        int index = candidates.size() - 1;
        while (index >= 0 && candidates.get(index).modifiedMs() > timestamp) {
            index--;
        }
        return index;
    }

    private static long createdMs(Path directory, long nowMs) {
        try {
            return Files.getLastModifiedTime(directory).toMillis();
        } catch (IOException e) {
            return nowMs;
        }
    }

    private static List<Segment> segments(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Segment> found = new ArrayList<>();
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(SEGMENT_SUFFIX)) {
                    long base = Long.parseLong(name.substring(0, name.length() - SEGMENT_SUFFIX.length()));
                    found.add(new Segment(base, Files.getLastModifiedTime(file).toMillis(), Files.size(file)));
                }
            }
            found.sort(Comparator.comparingLong(Segment::baseOffset));
            return found;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            throw new KafkaStorageException("Could not list the segments in " + directory, e);
        }
    }
}
