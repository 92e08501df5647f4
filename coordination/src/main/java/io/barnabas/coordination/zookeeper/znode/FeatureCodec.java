// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.barnabas.coordination.store.FeatureSettings;
import java.util.HashMap;
import java.util.Map;

/** {@code /feature}, formats 1 and 2 (KIP-584). */
public final class FeatureCodec {
    private static final String PATH = ZnodePaths.FEATURE;

    private FeatureCodec() {}

    /** The node in the format the settings name. */
    public static byte[] encode(FeatureSettings settings) {
        ObjectNode json = Json.object();
        ObjectNode features = json.putObject("features");
        settings.features().forEach((name, level) -> {
            ObjectNode range = features.putObject(name).put("max_version_level", level);
            if (settings.formatVersion() == 1) {
                range.put("min_version_level", level);
            }
        });
        json.put("version", settings.formatVersion());
        json.put("status", settings.enabled() ? 1 : 0);
        return Json.bytes(json);
    }

    /** The settings in the node of that version. */
    public static FeatureSettings decode(byte[] data, int version) {
        JsonNode json = Json.parse(PATH, data);
        int format = Json.requiredInt(PATH, json, "version");
        int status = Json.requiredInt(PATH, json, "status");
        if (format < 1 || format > 2 || status < 0 || status > 1) {
            throw Json.notUnderstood(PATH, data, "unsupported version or status");
        }
        Map<String, Short> features = new HashMap<>();
        for (Map.Entry<String, JsonNode> feature :
                Json.required(PATH, json, "features").properties()) {
            features.put(feature.getKey(), (short) Json.requiredInt(PATH, feature.getValue(), "max_version_level"));
        }
        return new FeatureSettings(format, status == 1, features, version);
    }
}
