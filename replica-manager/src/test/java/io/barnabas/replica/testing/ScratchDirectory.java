// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A new directory for one try of a property, gone with what it holds when closed. JUnit's own are there for a whole test.
 *
 * @param path where it is
 */
public record ScratchDirectory(Path path) implements AutoCloseable {
    /** Makes an empty one. */
    public static ScratchDirectory create() throws IOException {
        return new ScratchDirectory(Files.createTempDirectory("barnabas-test-"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
