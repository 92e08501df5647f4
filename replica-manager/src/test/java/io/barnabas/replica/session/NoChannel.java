// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Some file's channel, for slices whose bytes nobody reads. */
final class NoChannel {
    static final FileChannel INSTANCE = open();

    private NoChannel() {}

    private static FileChannel open() {
        try {
            Path file = Files.createTempFile("slice", ".log");
            file.toFile().deleteOnExit();
            return FileChannel.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
