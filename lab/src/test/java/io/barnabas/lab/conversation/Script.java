// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A chapter of a conversation, from a text: comments with {@code #}, {@code let name = text} for what is said often, lines
 * as {@link ScriptLine} reads them (going on where the next is indented), and rounds, {@code each 0-9} to {@code end},
 * whose lines are said once for each number, as {@code ${v}}.
 *
 * @param name the chapter
 * @param lines in the order in which they are said
 */
record Script(String name, List<Step> lines) {
    /**
     * A line, or one turn of a round.
     *
     * @param line what is said
     * @param turn the round's number, -1 outside of rounds
     */
    record Step(ScriptLine line, int turn) {}

    static Script load(String name) {
        try (InputStream in = Script.class.getResourceAsStream("/conversation/" + name + ".txt")) {
            return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Script parse(String name, String text) {
        Map<String, String> lets = new HashMap<>();
        List<Step> steps = new ArrayList<>();
        List<ScriptLine> round = null;
        int[] turns = {0, 0};
        for (String line : joined(text)) {
            String full = substitute(line, lets);
            if (full.startsWith("let ")) {
                String[] halves = full.substring(4).split("\\s*=\\s*", 2);
                lets.put(halves[0].strip(), halves[1]);
            } else if (full.startsWith("each ")) {
                String[] bounds = full.substring(5).strip().split("-");
                turns = new int[] {Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1])};
                round = new ArrayList<>();
            } else if (full.equals("end")) {
                for (int turn = turns[0]; turn <= turns[1]; turn++) {
                    for (ScriptLine each : round) {
                        steps.add(new Step(each, turn));
                    }
                }
                round = null;
            } else if (round != null) {
                round.add(ScriptLine.parse(full));
            } else {
                steps.add(new Step(ScriptLine.parse(full), -1));
            }
        }
        return new Script(name, steps);
    }

    private static List<String> joined(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (Character.isWhitespace(line.charAt(0))) {
                lines.add(lines.remove(lines.size() - 1) + " " + line.strip());
            } else {
                lines.add(line.strip());
            }
        }
        return lines;
    }

    /** Puts values where {@code ${name}} is; unknown names stay. */
    static String substitute(String text, Map<String, String> values) {
        String full = text;
        for (Map.Entry<String, String> each : values.entrySet()) {
            full = full.replace("${" + each.getKey() + "}", each.getValue());
        }
        return full;
    }
}
