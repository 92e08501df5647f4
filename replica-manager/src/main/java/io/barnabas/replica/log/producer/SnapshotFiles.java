// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The producer snapshots of one log: which there are, and their files. Owned by {@link ProducerStates}. */
final class SnapshotFiles {
    static final String SUFFIX = ".snapshot";

    private Path directory;
    private final TreeSet<Long> offsets = new TreeSet<>();

    SnapshotFiles(Path directory) {
        this.directory = directory;
    }

    /** Lists the directory anew. */
    void reload() throws IOException {
        found(DurableFiles.names(directory));
    }

    /** These are the files in the directory. */
    void found(List<String> names) {
        offsets.clear();
        for (String name : names) {
            if (name.endsWith(SUFFIX)) {
                String digits = name.substring(0, name.length() - SUFFIX.length());
                if (!digits.isEmpty() && digits.chars().allMatch(Character::isDigit)) {
                    offsets.add(Long.parseLong(digits));
                }
            }
        }
    }

    void directory(Path newDirectory) {
        this.directory = newDirectory;
    }

    Path file(long offset) {
        return directory.resolve(String.format("%020d", offset) + SUFFIX);
    }

    /** The latest offset there is a snapshot of, null if there is none. */
    Long latest() {
        return offsets.isEmpty() ? null : offsets.last();
    }

    List<Long> all() {
        return List.copyOf(offsets);
    }

    void write(long offset, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file(offset),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            DurableFiles.writeFully(channel, java.nio.ByteBuffer.wrap(content), 0L);
        }
        offsets.add(offset);
    }

    boolean has(long offset) {
        return offsets.contains(offset);
    }

    void delete(long offset) throws IOException {
        offsets.remove(offset);
        Files.deleteIfExists(file(offset));
    }

    /** Forgets a snapshot and names its file, to be deleted by the caller; null if there is none. */
    Path forget(long offset) {
        return offsets.remove(offset) ? file(offset) : null;
    }

    /** Deletes snapshots that no segment begins at, but for the last one if it lies beyond all segments. */
    void deleteStrays(Collection<Long> segmentBaseOffsets) throws IOException {
        if (offsets.isEmpty()) {
            return;
        }
        Set<Long> bases = new HashSet<>(segmentBaseOffsets);
        long lastBase =
                segmentBaseOffsets.stream().mapToLong(Long::longValue).max().orElse(-1L);
        List<Long> strays = new ArrayList<>();
        for (long offset : offsets) {
            if (!bases.contains(offset)) {
                strays.add(offset);
            }
        }
        if (!strays.isEmpty() && strays.get(strays.size() - 1) >= lastBase) {
            strays.remove(strays.size() - 1);
        }
        for (long stray : strays) {
            delete(stray);
        }
    }
}
