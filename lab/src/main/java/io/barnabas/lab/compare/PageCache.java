// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Fills free memory with the pages of a file that has no blocks on the disk and no name. On a virtual machine whose host
 * takes back what is free, the first write to a page is paid for as system time of whoever writes it, a multiple of the
 * write itself; pages taken over from this file are the guest's already. Owned by the comparing thread.
 */
final class PageCache implements AutoCloseable {
    /**
     * What is left free. Little, for what is free goes back to the host within seconds: a lean system that leaves much of it
     * to the page cache would pay for all of that. The processes to be measured take what they need from the file's pages,
     * which the kernel gives up at once.
     */
    private static final long SPARED_BYTES = 512L << 20;

    private static final int READ_BYTES = 1 << 20;

    private final RandomAccessFile file;

    /**
     * Nothing is filled yet.
     *
     * @param directory on the file system that is to be written to
     */
    PageCache(Path directory) throws IOException {
        Path name = Files.createTempFile(directory, "page-cache-", "");
        this.file = new RandomAccessFile(name.toFile(), "rw");
        Files.delete(name); // what is open lives on, and goes with this process however it ends
    }

    /**
     * Reads the file once more, as large as free memory and what is cached together.
     *
     * @return its size in bytes, 0 where there is too little memory for it
     */
    long fill() throws IOException {
        long size = Math.max(0, Circumstances.availableBytes() - SPARED_BYTES);
        file.setLength(size);
        file.seek(0);
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        while (file.getChannel().read(buffer.clear()) > 0) {
            // what is read is of no interest
        }
        return size;
    }

    /** Gives the memory back. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
