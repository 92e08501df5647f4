// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * One thing said to a broker.
 *
 * @param name what the line is about, once in its chapter
 * @param how whether and when an answer is expected
 * @param connection on which connection; what begins with {@code two} goes to the second broker
 * @param api whose request, empty for raw bytes or for the answer to what was sent
 * @param versions {@code 3}, {@code 3-}, {@code -2}, {@code 1-4}, {@code v} for the round's, empty for all
 * @param json the request, with variables
 * @param captures variables and where in the answer their values are
 * @param until where in the answer is what before it counts, empty for the first answer
 */
record ScriptLine(
        String name,
        How how,
        String connection,
        Optional<ApiKeys> api,
        String versions,
        String json,
        Map<String, String> captures,
        Optional<String> until) {
    enum How {
        /** Say it and read the answer. */
        ASK,
        /** Say it; a later {@link #ANSWER} reads what is answered. */
        SEND,
        ANSWER,
        /** Say what is not answered, and hear the connection's next answer instead. */
        SILENT,
        /** Bytes in hexadecimal, without a frame. */
        RAW,
        /** Close the connection. */
        CLOSE
    }

    private static final String SAYS = "\\s*\\|\\s*";

    /** Reads {@code name | [send|silent] [connection@]Api[versions] {json} [>variable=/pointer] [~/pointer=value]}. */
    static ScriptLine parse(String line) {
        String[] halves = line.split(SAYS, 2);
        if (halves.length < 2) {
            throw new IllegalArgumentException("no '|' in: " + line);
        }
        String said = halves[1];
        How how = How.ASK;
        for (How each : How.values()) {
            String word = each.name().toLowerCase(java.util.Locale.ROOT) + " ";
            if ((said + " ").startsWith(word)) {
                how = each;
                said = said.substring(Math.min(said.length(), word.length()));
            }
        }
        int brace = said.indexOf('{');
        int headEnd = brace < 0 ? (said + " ").indexOf(' ') : brace;
        String head = said.substring(0, headEnd).strip();
        String body = brace < 0 ? "{}" : said.substring(brace, endOfJson(said, brace));
        String tail = said.substring(brace < 0 ? headEnd : endOfJson(said, brace));
        int at = head.indexOf('@');
        int bracket = head.indexOf('[');
        String api = head.substring(at + 1, bracket < 0 ? head.length() : bracket);
        return new ScriptLine(
                halves[0],
                how,
                at < 0 ? "one" : head.substring(0, at),
                api.isEmpty() ? Optional.empty() : Optional.of(api(api)),
                bracket < 0 ? "" : head.substring(bracket + 1, head.length() - 1),
                body,
                captures(tail),
                until(tail));
    }

    private static ApiKeys api(String name) {
        for (ApiKeys key : ApiKeys.values()) {
            if (key.name.equals(name)) {
                return key;
            }
        }
        throw new IllegalArgumentException("no such API: " + name);
    }

    private static int endOfJson(String text, int start) {
        int depth = 0;
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted && c == '{') {
                depth++;
            } else if (!quoted && c == '}' && --depth == 0) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("unbalanced: " + text);
    }

    private static Map<String, String> captures(String tail) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String word : tail.strip().split("\\s+")) {
            if (word.startsWith(">")) {
                found.put(word.substring(1, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            }
        }
        return found;
    }

    private static Optional<String> until(String tail) {
        for (String word : tail.strip().split("\\s+")) {
            if (word.startsWith("~")) {
                return Optional.of(word.substring(1));
            }
        }
        return Optional.empty();
    }
}
