// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** {@code /config/<type>/<name>}, format 1, and the change notes in {@code /config/changes}, formats 1 and 2. */
public final class ConfigCodec {
    private static final String VERSION = "version";
    private static final String CONFIG = "config";

    private ConfigCodec() {}

    /** The node of a configuration, values in the order Kafka writes them. */
    public static byte[] encode(ConfigRecord config) {
        ObjectNode json = Json.object();
        json.put(VERSION, 1);
        Properties inKafkasOrder = new Properties();
        inKafkasOrder.putAll(config.values());
        json.set(CONFIG, Json.node(inKafkasOrder));
        config.otherFields().forEach((field, value) -> json.set(field, Json.node(value)));
        return Json.bytes(json);
    }

    /** A node that exists without data (the parent of a client's configuration) has no values. */
    public static ConfigRecord decode(String path, byte[] data, int version) {
        if (data == null || data.length == 0) {
            return new ConfigRecord(Map.of(), Map.of(), version);
        }
        JsonNode json = Json.parse(path, data);
        Map<String, String> values = new HashMap<>();
        JsonNode config = json.get(CONFIG);
        if (config != null && config.isObject()) {
            config.properties()
                    .forEach(
                            entry -> values.put(entry.getKey(), entry.getValue().asText()));
        }
        Map<String, Object> others = new LinkedHashMap<>();
        json.properties().forEach(entry -> {
            if (!entry.getKey().equals(VERSION) && !entry.getKey().equals(CONFIG)) {
                others.put(entry.getKey(), Json.plain(entry.getValue()));
            }
        });
        return new ConfigRecord(values, others, version);
    }

    /** A note in format 2. */
    public static byte[] encodeChange(ConfigEntity entity) {
        return Json.bytes(Json.object().put(VERSION, 2).put("entity_path", entity.path()));
    }

    /** Whose configuration changed; empty for a version or content unknown here. */
    public static Optional<ConfigEntity> decodeChange(String path, byte[] data) {
        JsonNode json = Json.parse(path, data);
        int version = Json.requiredInt(path, json, VERSION);
        if (version == 1 && json.hasNonNull("entity_type") && json.hasNonNull("entity_name")) {
            return Optional.of(ConfigEntity.of(
                    json.get("entity_type").asText(), json.get("entity_name").asText()));
        }
        if (version == 2 && json.hasNonNull("entity_path")) {
            return Optional.of(new ConfigEntity(json.get("entity_path").asText()));
        }
        return Optional.empty();
    }
}
