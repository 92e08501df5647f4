// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Looks at files as the file system keeps them. */
public final class DiskBlocks {
    private static final int BLOCK = 512;

    private DiskBlocks() {}

    /** How much of the disk a file takes, which may be more than its size. */
    public static long bytes(Path file) {
        try {
            Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Long.parseLong(blocks.strip()) * BLOCK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
