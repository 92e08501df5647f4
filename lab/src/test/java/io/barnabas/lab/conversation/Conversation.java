// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.barnabas.lab.conversation.ScriptLine.How;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says scripts to a cluster and notes the answers. Owned by the test's thread. */
final class Conversation implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    private static final String NO_ID = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final int ANSWER_WITHIN_MS = 15_000;
    private static final int UNTIL_SECONDS = 30;
    private static final int PAUSE_MS = 20;

    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Normal normal;
    private final Map<String, Wire> wires = new HashMap<>();
    private final Map<String, Deque<Pending>> unanswered = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, JsonNode> answers = new LinkedHashMap<>();
    private final Map<ApiKeys, Set<String>> names = new EnumMap<>(ApiKeys.class);
    private final List<String> failures = new ArrayList<>();
    private ApiKeys answeredApi;
    private int correlationId;

    /** @param normal takes out what must differ */
    Conversation(Normal normal) {
        this.normal = normal;
        variables.put("base", Long.toString(RecordSpec.BASE_MS));
        for (int later : new int[] {5, 50, 101, 205}) {
            variables.put("base" + later, Long.toString(RecordSpec.BASE_MS + later));
        }
        variables.put("long", "x".repeat(5000));
    }

    /** Tells where a broker listens. */
    void meet(int brokerId, int port) {
        ports.put(brokerId, port);
        normal.replace(Integer.toString(port), "PORT " + brokerId);
    }

    private record Pending(ApiKeys api, short version, int correlationId) {}

    /** All answers so far, by chapter, line and version. */
    Map<String, JsonNode> answers() {
        return answers;
    }

    /** Lines that could not be said. */
    List<String> failures() {
        return failures;
    }

    /** Says a chapter. */
    void say(Script script) {
        normal.beginChapter();
        for (Script.Step step : script.lines()) {
            try {
                say(script.name(), step);
            } catch (IOException | RuntimeException e) {
                LOG.error("{}: {}", script.name(), step.line().name(), e);
                failures.add(script.name() + ": " + step.line().name() + ": " + e);
            }
        }
    }

    private void say(String chapter, Script.Step step) throws IOException {
        ScriptLine line = step.line();
        String name = chapter + ": " + line.name() + (step.turn() < 0 ? "" : " in turn " + step.turn());
        if (line.how() == How.CLOSE) {
            close(line.connection());
        } else if (line.how() == How.RAW) {
            wire(line)
                    .sendBytes(
                            HexFormat.of().parseHex(json(line.json()).get("hex").asText()));
            note(name, (ApiKeys) null, received(line));
        } else if (line.how() == How.ANSWER) {
            note(name, line, answered(line));
        } else {
            for (short version : versions(line, step.turn())) {
                variables.put("v", Integer.toString(step.turn() < 0 ? version : step.turn()));
                say(name + (line.versions().equals("v") ? "" : " v" + version), line, version);
            }
        }
    }

    private void say(String name, ScriptLine line, short version) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(UNTIL_SECONDS);
        while (true) {
            send(line, version);
            if (line.how() == How.SEND) {
                return;
            }
            if (line.how() == How.SILENT) {
                unanswered.get(line.connection()).removeLast();
                send(line.connection(), ApiKeys.API_VERSIONS, (short) 0, JSON.createObjectNode());
                boolean open = !answered(line).has("closed");
                note(name, (ApiKeys) null, JSON.createObjectNode().put(open ? "silent" : "closed", true));
                return;
            }
            JsonNode answer = answered(line);
            if (line.until().isEmpty() || holds(line.until().get(), answer) || System.nanoTime() > deadline) {
                note(name, line, answer);
                return;
            }
            pause();
        }
    }

    private boolean holds(String condition, JsonNode answer) {
        String[] halves = Script.substitute(condition, variables).split("=", 2);
        return answer.at(halves[0]).asText().equals(halves[1]);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void note(String name, ScriptLine line, JsonNode answer) {
        line.captures().forEach((variable, pointer) -> {
            JsonNode found = answer.at(pointer);
            if (!found.isMissingNode()) {
                variables.put(variable, found.asText());
            }
        });
        note(name, line.api().orElse(answeredApi), answer);
    }

    private void note(String name, ApiKeys api, JsonNode answer) {
        if (answers.put(name, Recording.asRead(normal.of(api, answer))) != null) {
            throw new IllegalStateException("said twice: " + name);
        }
    }

    // ---- requests ----

    private static List<Short> versions(ScriptLine line, int turn) {
        ApiKeys api = line.api().orElseThrow();
        String range = line.versions();
        if (range.equals("v")) {
            return List.of((short) Math.max(api.oldestVersion(), Math.min(turn, newest(api))));
        }
        int dash = range.indexOf('-');
        int low = range.isEmpty() || dash == 0 ? api.oldestVersion() : number(range, 0, dash);
        int high = range.isEmpty() || dash == range.length() - 1
                ? newest(api)
                : dash < 0 ? low : number(range, dash + 1, range.length());
        List<Short> versions = new ArrayList<>();
        for (int version = low; version <= high; version++) {
            versions.add((short) version);
        }
        return versions;
    }

    private static int number(String range, int from, int to) {
        return Integer.parseInt(range.substring(from, to < 0 ? range.length() : to));
    }

    private static short newest(ApiKeys api) {
        return api.latestVersion(false);
    }

    /** Forms a line's requests without sending them; what earlier answers would have told is made up. */
    List<ByteBuffer> rehearse(Script.Step step) {
        ScriptLine line = step.line();
        List<ByteBuffer> requests = new ArrayList<>();
        if (line.how() != How.CLOSE && line.how() != How.ANSWER && line.how() != How.RAW) {
            for (short version : versions(line, step.turn())) {
                variables.put("v", Integer.toString(step.turn() < 0 ? version : step.turn()));
                String json = Script.substitute(line.json(), variables)
                        .replaceAll("\\$\\{id_\\w+}", NO_ID)
                        .replaceAll("\\$\\{\\w+}", "1");
                requests.add(body(line.api().orElseThrow(), version, request(line, json)));
            }
        }
        return requests;
    }

    private static ByteBuffer body(ApiKeys api, short version, JsonNode request) {
        return SchemaCodec.encode(
                api.messageType.requestSchemas()[Math.min(version, api.latestVersion(true))], request);
    }

    private void send(ScriptLine line, short version) throws IOException {
        send(line.connection(), line.api().orElseThrow(), version, request(line, line.json()));
    }

    private JsonNode request(ScriptLine line, String json) {
        JsonNode request = json(json);
        requireKnown(request, names.computeIfAbsent(line.api().orElseThrow(), Conversation::names));
        return request;
    }

    private static Set<String> names(ApiKeys api) {
        Set<String> names = new HashSet<>();
        for (Schema schema : api.messageType.requestSchemas()) {
            SchemaCodec.names(schema, names);
        }
        return names;
    }

    /** A misspelt field would be left out in silence. */
    private static void requireKnown(JsonNode request, Set<String> known) {
        request.properties().forEach(field -> {
            if (!known.contains(field.getKey())) {
                throw new IllegalArgumentException("no version has the field " + field.getKey());
            }
            if (!field.getKey().equals("records")) {
                requireKnown(field.getValue(), known);
            }
        });
        if (request.isArray()) {
            request.forEach(item -> requireKnown(item, known));
        }
    }

    private void send(String connection, ApiKeys api, short version, JsonNode request) throws IOException {
        short known = (short) Math.min(version, api.latestVersion(true));
        Schema header = RequestHeaderData.SCHEMAS[api.requestHeaderVersion(version)];
        int id = ++correlationId;
        ObjectNode head = JSON.createObjectNode()
                .put("request_api_key", api.id)
                .put("request_api_version", version)
                .put("correlation_id", id)
                .put("client_id", "script");
        ByteBuffer first = SchemaCodec.encode(header, head);
        ByteBuffer body = body(api, version, request);
        unanswered
                .computeIfAbsent(connection, key -> new ArrayDeque<>())
                .add(new Pending(api, api == ApiKeys.API_VERSIONS && known != version ? 0 : known, id));
        wire(connection)
                .send(ByteBuffer.allocate(first.remaining() + body.remaining())
                        .put(first)
                        .put(body)
                        .flip());
    }

    private JsonNode json(String text) {
        try {
            return JSON.readTree(Script.substitute(text, variables));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    // ---- answers ----

    private JsonNode answered(ScriptLine line) throws IOException {
        Deque<Pending> pending = unanswered.get(line.connection());
        Optional<byte[]> frame = frame(line);
        if (frame.isEmpty()) {
            pending.clear();
            close(line.connection());
            return JSON.createObjectNode().put("closed", true);
        }
        Pending asked = pending.removeFirst();
        answeredApi = asked.api();
        ByteBuffer bytes = ByteBuffer.wrap(frame.get());
        ObjectNode header = SchemaCodec.decode(
                ResponseHeaderData.SCHEMAS[asked.api().responseHeaderVersion(asked.version())], bytes);
        ObjectNode answer = understood(asked, bytes);
        if (header.get("correlation_id").asInt() != asked.correlationId()) {
            answer.put("answers", "another request");
        }
        if (bytes.hasRemaining()) {
            answer.put("trailing", bytes.remaining());
        }
        return answer;
    }

    /** Kafka's schemas cannot read a structure that is null; what they cannot read is compared as bytes. */
    private static ObjectNode understood(Pending asked, ByteBuffer bytes) {
        int start = bytes.position();
        try {
            return SchemaCodec.decode(asked.api().messageType.responseSchemas()[asked.version()], bytes);
        } catch (SchemaException e) {
            byte[] body = new byte[bytes.position(start).remaining()];
            bytes.get(body);
            return JSON.createObjectNode().put("bytes", HexFormat.of().formatHex(body));
        }
    }

    private JsonNode received(ScriptLine line) throws IOException {
        Optional<byte[]> frame = frame(line);
        if (frame.isEmpty()) {
            close(line.connection());
        }
        return frame.<JsonNode>map(bytes ->
                        JsonNodeFactory.instance.textNode(HexFormat.of().formatHex(bytes)))
                .orElseGet(() -> JSON.createObjectNode().put("closed", true));
    }

    private Optional<byte[]> frame(ScriptLine line) throws IOException {
        try {
            return wire(line).receive();
        } catch (SocketTimeoutException e) {
            LOG.info("no answer on connection {}", line.connection());
            return Optional.empty();
        }
    }

    private Wire wire(ScriptLine line) throws IOException {
        return wire(line.connection());
    }

    private Wire wire(String connection) throws IOException {
        Wire wire = wires.get(connection);
        if (wire == null) {
            wire = new Wire("127.0.0.1", ports.get(connection.startsWith("two") ? 2 : 1), ANSWER_WITHIN_MS);
            wires.put(connection, wire);
        }
        return wire;
    }

    private void close(String connection) {
        Wire wire = wires.remove(connection);
        if (wire != null) {
            wire.close();
        }
    }

    @Override
    public void close() {
        wires.values().forEach(Wire::close);
    }
}
