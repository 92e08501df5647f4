// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Kafka's checkpoint format: a line with the version, one with the number of entries, then an entry a line. */
final class CheckpointLines {
    private static final int CURRENT_VERSION = 0;

    private CheckpointLines() {}

    /** The entries split at blanks; none if the file does not exist. */
    static List<String[]> read(Path file, int fields) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        if (lines.size() < 2) {
            if (lines.isEmpty()) {
                return List.of();
            }
            throw malformed(file, lines.get(0));
        }
        long version = number(file, lines.get(0));
        if (version != CURRENT_VERSION) {
            throw new IOException("Unrecognized version of the checkpoint file " + file + ": " + version);
        }
        long expected = number(file, lines.get(1));
        List<String[]> entries = new ArrayList<>(lines.size() - 2);
        for (String line : lines.subList(2, lines.size())) {
            String[] parts = line.trim().split("\\s+", -1);
            if (parts.length != fields) {
                throw malformed(file, line);
            }
            entries.add(parts);
        }
        if (entries.size() != expected) {
            throw new IOException("Expected " + expected + " entries in checkpoint file (" + file + "), but found only "
                    + entries.size());
        }
        return entries;
    }

    static void write(Path file, Collection<String> entries, boolean sync) throws IOException {
        StringBuilder content = new StringBuilder(16 + entries.size() * 32);
        content.append(CURRENT_VERSION).append('\n').append(entries.size()).append('\n');
        for (String entry : entries) {
            content.append(entry).append('\n');
        }
        DurableFiles.replace(file, content.toString().getBytes(StandardCharsets.UTF_8), sync);
    }

    static long number(Path file, String text) throws IOException {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            throw malformed(file, text);
        }
    }

    static IOException malformed(Path file, String line) {
        return new IOException("Malformed line in checkpoint file (" + file + "): '" + line + "'");
    }
}
