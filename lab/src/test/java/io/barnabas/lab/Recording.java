// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tools said, chapter by chapter, as a text file one can read. */
final class Recording {
    private static final String CHAPTER = "## ";

    private Recording() {}

    static Map<String, List<String>> read(Path file) throws IOException {
        Map<String, List<String>> chapters = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(CHAPTER)) {
                lines = new ArrayList<>();
                chapters.put(line.substring(CHAPTER.length()), lines);
            } else {
                lines.add(line);
            }
        }
        return chapters;
    }

    static void write(Path file, Map<String, List<String>> chapters) throws IOException {
        List<String> lines = new ArrayList<>();
        chapters.forEach((name, said) -> {
            lines.add(CHAPTER + name);
            lines.addAll(said);
        });
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }
}
