// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.barnabas.coordination.store.error.StoreDataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** JSON in znodes: compact, fields in the order they are put in. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values is always writable", e);
        }
    }

    static JsonNode node(Object value) {
        return MAPPER.valueToTree(value);
    }

    static Object plain(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }

    /**
     * @param path where it was read, for the message
     * @throws StoreDataException if it is not a JSON object
     */
    static JsonNode parse(String path, byte[] data) {
        try {
            JsonNode node = data == null ? null : MAPPER.readTree(data);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            throw notUnderstood(path, data, e.getMessage());
        }
        throw notUnderstood(path, data, "not a JSON object");
    }

    /** The value of a field that has to be there. */
    static JsonNode required(String path, JsonNode object, String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            throw new StoreDataException(path + ": no field '" + field + "' in " + object);
        }
        return value;
    }

    static int requiredInt(String path, JsonNode object, String field) {
        JsonNode value = required(path, object, field);
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw new StoreDataException(path + ": field '" + field + "' is no integer in " + object);
        }
        return value.intValue();
    }

    static List<Integer> ints(String path, JsonNode array) {
        if (array == null || !array.isArray()) {
            throw new StoreDataException(path + ": a list of integers expected, found " + array);
        }
        List<Integer> values = new ArrayList<>(array.size());
        for (JsonNode value : array) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw new StoreDataException(path + ": an integer expected, found " + value);
            }
            values.add(value.intValue());
        }
        return values;
    }

    static StoreDataException notUnderstood(String path, byte[] data, String why) {
        String shown = data == null ? "null" : new String(data, StandardCharsets.UTF_8);
        return new StoreDataException(path + ": cannot understand '" + shown + "': " + why);
    }
}
