// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.blocks;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Gives files disk blocks beyond their end. A file system otherwise looks for a block with each page that is written,
 * which on ext4 is a third of what writing to a log costs. Size and content of the file stay as they are; what is
 * reserved and not used goes back when the file is cut at its end. Thread-safe.
 */
@FunctionalInterface
public interface BlockAllocator {
    /** Reserves nothing: for systems without such a call. */
    BlockAllocator NONE = (file, from, bytes) -> false;

    /**
     * Reserves blocks; takes as long as the file system takes.
     *
     * @param file an existing file
     * @param from the position the blocks begin at, at or beyond the file's end when this is called
     * @param bytes how much, more than 0
     * @return whether they are reserved; if not, nothing is lost but time later
     */
    boolean reserve(Path file, long from, long bytes);

    /**
     * Gives back blocks reserved beyond a file's end: it is cut at its own length, which {@code FileChannel.truncate}
     * would leave out. Files of another file system than the default have none.
     *
     * @param file an existing file
     * @param length its length
     * @throws IOException if it cannot be cut
     */
    static void giveBack(Path file, long length) throws IOException {
        if (file.getFileSystem().equals(FileSystems.getDefault())) {
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(length);
            }
        }
    }

    /** What this system offers. */
    static BlockAllocator ofThisSystem() {
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
        boolean wide = "64".equals(System.getProperty("sun.arch.data.model", "64"));
        return linux && wide ? new LinuxBlockAllocator() : NONE;
    }
}
