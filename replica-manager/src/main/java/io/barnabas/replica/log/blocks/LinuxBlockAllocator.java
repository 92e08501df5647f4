// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.blocks;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code fallocate(2)} with {@code FALLOC_FL_KEEP_SIZE}, which Java has no call for. The file is opened by its path for
 * it: had the file been renamed meanwhile, or replaced, that would do no harm, for nothing in a file changes by it.
 */
final class LinuxBlockAllocator implements BlockAllocator {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxBlockAllocator.class);
    private static final int OPEN_WRITE_ONLY = 1;
    private static final int KEEP_SIZE = 1;
    private static final String JNA_DIRECTORY = "jna.tmpdir";

    /** Volatile: one thread finds out, all go by it. */
    private volatile boolean unusable;

    /** The C library; bound when first used, which loads a native library from a jar. */
    private static final class CLibrary {
        static {
            // where other native libraries of the broker are unpacked too; it is deleted once it is loaded
            if (System.getProperty(JNA_DIRECTORY) == null) {
                System.setProperty(JNA_DIRECTORY, System.getProperty("java.io.tmpdir"));
            }
            Native.register(CLibrary.class, Platform.C_LIBRARY_NAME);
        }

        static native int open(String path, int flags) throws LastErrorException;

        static native int fallocate(int descriptor, int mode, long offset, long length) throws LastErrorException;

        static native int close(int descriptor);
    }

    @Override
    public boolean reserve(Path file, long from, long bytes) {
        if (unusable) {
            return false;
        }
        try {
            return reserve(file.toString(), from, bytes);
        } catch (LastErrorException e) {
            LOG.debug("No blocks reserved for {} from {} on", file, from, e);
            return false;
        } catch (LinkageError e) {
            unusable = true;
            LOG.info("Blocks of logs are not reserved ahead: the C library cannot be called ({})", e.getMessage());
            return false;
        }
    }

    private static boolean reserve(String path, long from, long bytes) {
        int descriptor = CLibrary.open(path, OPEN_WRITE_ONLY);
        try {
            return CLibrary.fallocate(descriptor, KEEP_SIZE, from, bytes) == 0;
        } finally {
            CLibrary.close(descriptor);
        }
    }
}
