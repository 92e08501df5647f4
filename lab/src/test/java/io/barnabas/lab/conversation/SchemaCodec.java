// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * Bytes of one version's schema from JSON and back, by field name. A field the version does not have is left out, one the
 * JSON does not have is {@link #USUAL} or empty: so one line of a script serves for all versions, and may say what a
 * client's own classes would refuse to say.
 */
final class SchemaCodec {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What a client says that has nothing to say. */
    private static final Map<String, Integer> USUAL = Map.ofEntries(
            Map.entry("replica_id", -1),
            Map.entry("current_leader_epoch", -1),
            Map.entry("leader_epoch", -1),
            Map.entry("committed_leader_epoch", -1),
            Map.entry("last_fetched_epoch", -1),
            Map.entry("log_start_offset", -1),
            Map.entry("session_epoch", -1),
            Map.entry("retention_time_ms", -1),
            Map.entry("commit_timestamp", -1),
            Map.entry("duration_filter", -1),
            Map.entry("timestamp", -1),
            Map.entry("max_num_offsets", 1),
            Map.entry("timeout_ms", 5000),
            Map.entry("timeout", 5000),
            Map.entry("acks", -1),
            Map.entry("max_bytes", 1 << 20),
            Map.entry("partition_max_bytes", 1 << 20),
            Map.entry("max_wait_ms", 100),
            Map.entry("session_timeout_ms", 60_000),
            Map.entry("rebalance_timeout_ms", 60_000));

    private SchemaCodec() {}

    static ByteBuffer encode(Schema schema, JsonNode json) {
        Struct struct = struct(schema, json);
        ByteBuffer bytes = ByteBuffer.allocate(struct.sizeOf());
        struct.writeTo(bytes);
        return bytes.flip();
    }

    static ObjectNode decode(Schema schema, ByteBuffer bytes) {
        return json(schema.read(bytes));
    }

    /** All names of fields, those of fields inside too. */
    static void names(Type type, Set<String> into) {
        if (type instanceof Schema schema) {
            for (BoundField field : schema.fields()) {
                into.add(field.def.name);
                names(field.def.type, into);
            }
        } else if (type instanceof TaggedFields tagged) {
            fields(tagged).values().forEach(field -> {
                into.add(field.name);
                names(field.type, into);
            });
        } else {
            type.arrayElementType().ifPresent(element -> names(element, into));
        }
    }

    private static Struct struct(Schema schema, JsonNode json) {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) {
            Object value = field.def.type instanceof TaggedFields tagged
                    ? tags(tagged, json)
                    : value(field.def.type, json.get(field.def.name), field.def.name);
            struct.set(field, value);
        }
        return struct;
    }

    private static NavigableMap<Integer, Object> tags(TaggedFields type, JsonNode json) {
        NavigableMap<Integer, Object> tags = new TreeMap<>();
        fields(type).forEach((tag, field) -> {
            if (json.has(field.name)) {
                tags.put(tag, value(field.type, json.get(field.name), field.name));
            }
        });
        return tags;
    }

    /** Kafka's class tells nobody which fields it has. */
    @SuppressWarnings("unchecked")
    static Map<Integer, Field> fields(TaggedFields type) {
        try {
            var fields = TaggedFields.class.getDeclaredField("fields");
            fields.setAccessible(true);
            return (Map<Integer, Field>) fields.get(type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object value(Type type, JsonNode json, String name) {
        if (json == null || json.isNull()) {
            return missing(type, name);
        }
        if (type.arrayElementType().isPresent()) {
            Object[] items = new Object[json.size()];
            for (int i = 0; i < items.length; i++) {
                items[i] = value(type.arrayElementType().get(), json.get(i), name);
            }
            return items;
        }
        if (type instanceof Schema schema) {
            return struct(schema, json);
        }
        String kind = type.toString();
        if (kind.contains("RECORDS")) {
            return MemoryRecords.readableRecords(RecordSpec.build(json));
        }
        if (kind.contains("BYTES")) {
            return ByteBuffer.wrap(json.asText().getBytes(StandardCharsets.UTF_8));
        }
        return scalar(kind, json);
    }

    private static Object scalar(String kind, JsonNode json) {
        return switch (kind) {
            case "BOOLEAN" -> json.asBoolean();
            case "INT8" -> (byte) json.asInt();
            case "INT16" -> (short) json.asInt();
            case "UINT16", "INT32" -> json.asInt();
            case "UINT32", "INT64" -> json.asLong();
            case "FLOAT64" -> json.asDouble();
            case "UUID" -> Uuid.fromString(json.asText());
            default -> json.asText();
        };
    }

    private static Object missing(Type type, String name) {
        if (type.isNullable()) {
            return null;
        }
        if (type.arrayElementType().isPresent()) {
            return new Object[0];
        }
        if (type instanceof Schema schema) {
            return struct(schema, JSON.objectNode());
        }
        String kind = type.toString();
        if (kind.contains("BYTES")) {
            return ByteBuffer.allocate(0);
        }
        if (kind.equals("UUID")) {
            return Uuid.ZERO_UUID;
        }
        return kind.contains("STRING") ? "" : scalar(kind, JSON.numberNode(USUAL.getOrDefault(name, 0)));
    }

    private static ObjectNode json(Struct struct) {
        ObjectNode node = JSON.objectNode();
        for (BoundField field : struct.schema().fields()) {
            Object value = struct.get(field);
            if (field.def.type instanceof TaggedFields tagged) {
                Map<Integer, Field> known = fields(tagged);
                ((Map<?, ?>) value)
                        .forEach((tag, content) -> node.set(
                                known.containsKey((Integer) tag) ? known.get((Integer) tag).name : "tag " + tag,
                                json(content)));
            } else {
                node.set(field.def.name, json(value));
            }
        }
        return node;
    }

    private static JsonNode json(Object value) {
        if (value == null) {
            return JSON.nullNode();
        } else if (value instanceof Struct struct) {
            return json(struct);
        } else if (value instanceof Object[] items) {
            ArrayNode array = JSON.arrayNode();
            for (Object item : items) {
                array.add(json(item));
            }
            return array;
        } else if (value instanceof BaseRecords records) {
            return RecordSpec.describe((MemoryRecords) records);
        } else if (value instanceof ByteBuffer bytes) {
            return JSON.textNode(
                    StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString());
        } else if (value instanceof Boolean flag) {
            return JSON.booleanNode(flag);
        } else if (value instanceof Double number) {
            return JSON.numberNode(number);
        } else if (value instanceof Number number) {
            return JSON.numberNode(number.longValue());
        }
        return JSON.textNode(value.toString());
    }
}
