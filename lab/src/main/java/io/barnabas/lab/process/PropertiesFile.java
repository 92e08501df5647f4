// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes properties files. */
public final class PropertiesFile {
    private PropertiesFile() {}

    /** Writes the properties in their order, making the file's directory first. */
    public static void write(Path file, Map<String, String> properties) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    properties.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
