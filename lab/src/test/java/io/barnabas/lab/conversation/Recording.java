// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers kept in a file, one line each: what was asked, a tab, the answer. A line that only gives another name the answer of
 * the line above it is {@code name}, a tab and nothing.
 */
final class Recording {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Recording() {}

    static void save(Map<String, JsonNode> answers, Path file) {
        List<String> lines = new ArrayList<>();
        JsonNode last = null;
        for (Map.Entry<String, JsonNode> each : answers.entrySet()) {
            lines.add(each.getKey() + "\t" + (each.getValue().equals(last) ? "" : each.getValue()));
            last = each.getValue();
        }
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, JsonNode> load(Path file) {
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        JsonNode last = null;
        try {
            for (String line : Files.readAllLines(file)) {
                String[] halves = line.split("\t", 2);
                last = halves[1].isEmpty() ? last : read(halves[1]);
                answers.put(halves[0], last);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }

    private static JsonNode read(String json) throws JsonProcessingException {
        return JSON.readTree(json);
    }

    /** As it would be read back: numbers of a size, no difference between an int and a long. */
    static JsonNode asRead(JsonNode answer) {
        try {
            return read(answer.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
