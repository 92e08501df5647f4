// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

/** {@code /cluster/id}, whose version is a text. */
final class ClusterIdCodec {
    private ClusterIdCodec() {}

    static byte[] encode(String id) {
        return Json.bytes(Json.object().put("version", "1").put("id", id));
    }

    static String decode(byte[] data) {
        String path = ZnodePaths.CLUSTER_ID;
        return Json.required(path, Json.parse(path, data), "id").asText();
    }
}
