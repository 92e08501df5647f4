// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.error.StoreDataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** {@code /brokers/ids/N}: writes formats 2, 4 and 5, reads 1 to 5 and whatever newer ones keep of them. */
public final class BrokerCodec {
    private static final Pattern ENDPOINT = Pattern.compile("^(.*)://\\[?([0-9a-zA-Z\\-%._:]*)\\]?:(-?[0-9]+)");

    private BrokerCodec() {}

    /** @param timestampMs wall-clock time of the registration */
    public static byte[] encode(BrokerRegistration broker, long timestampMs) {
        int version = broker.formatVersion();
        ObjectNode json = Json.object();
        if (version >= 5) {
            json.set("features", Json.node(broker.supportedFeatures()));
        }
        if (version >= 4) {
            ObjectNode protocols = json.putObject("listener_security_protocol_map");
            broker.endpoints().forEach(e -> protocols.put(e.listener(), e.securityProtocol().name));
        }
        ArrayNode endpoints = json.putArray("endpoints");
        broker.endpoints().forEach(e -> endpoints.add(e.connectionString()));
        if (version >= 3) {
            broker.rack().ifPresent(rack -> json.put("rack", rack));
        }
        json.put("jmx_port", broker.jmxPort());
        putPlaintextAddress(json, broker.endpoints());
        json.put("version", version);
        json.put("timestamp", Long.toString(timestampMs));
        return Json.bytes(json);
    }

    /** Clients from before format 2 know one address: that of the first plaintext listener, if any. */
    private static void putPlaintextAddress(ObjectNode json, List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.securityProtocol() == SecurityProtocol.PLAINTEXT) {
                json.put("port", endpoint.port());
                json.put("host", endpoint.host());
                return;
            }
        }
        json.put("port", -1);
        json.putNull("host");
    }

    /** A registration as any version of Kafka wrote it. */
    public static BrokerRegistration decode(int id, byte[] data) {
        String path = ZnodePaths.broker(id);
        JsonNode json = Json.parse(path, data);
        int version = Json.requiredInt(path, json, "version");
        if (version < 1) {
            throw Json.notUnderstood(path, data, "unsupported version");
        }
        JsonNode rack = json.get("rack");
        return new BrokerRegistration(
                id,
                version == 1 ? List.of(plaintextAddress(path, json)) : endpoints(path, json),
                rack == null || rack.isNull() ? Optional.empty() : Optional.of(rack.asText()),
                features(json.get("features")),
                Json.requiredInt(path, json, "jmx_port"),
                version);
    }

    private static Endpoint plaintextAddress(String path, JsonNode json) {
        return new Endpoint(
                SecurityProtocol.PLAINTEXT.name,
                SecurityProtocol.PLAINTEXT,
                Json.required(path, json, "host").asText(),
                Json.requiredInt(path, json, "port"));
    }

    private static List<Endpoint> endpoints(String path, JsonNode json) {
        JsonNode protocols = json.get("listener_security_protocol_map");
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonNode endpoint : Json.required(path, json, "endpoints")) {
            endpoints.add(endpoint(path, endpoint.asText(), protocols));
        }
        return endpoints;
    }

    private static Endpoint endpoint(String path, String text, JsonNode protocols) {
        Matcher matcher = ENDPOINT.matcher(text);
        if (!matcher.matches()) {
            throw new StoreDataException(path + ": cannot understand endpoint '" + text + "'");
        }
        String listener = matcher.group(1).toUpperCase(Locale.ROOT);
        JsonNode named = protocols == null ? null : protocols.get(matcher.group(1));
        try {
            SecurityProtocol protocol = SecurityProtocol.forName(named == null ? listener : named.asText());
            return new Endpoint(listener, protocol, matcher.group(2), Integer.parseInt(matcher.group(3)));
        } catch (IllegalArgumentException e) {
            throw new StoreDataException(path + ": endpoint '" + text + "': " + e.getMessage());
        }
    }

    private static Map<String, Map<String, Short>> features(JsonNode features) {
        Map<String, Map<String, Short>> result = new HashMap<>();
        if (features != null && features.isObject()) {
            features.properties().forEach(feature -> {
                Map<String, Short> range = new HashMap<>();
                feature.getValue()
                        .properties()
                        .forEach(v -> range.put(v.getKey(), (short) v.getValue().asInt()));
                result.put(feature.getKey(), Map.copyOf(range));
            });
        }
        return result;
    }
}
