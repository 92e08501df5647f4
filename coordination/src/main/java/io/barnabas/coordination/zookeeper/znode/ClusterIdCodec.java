// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

/** {@code /cluster/id}, whose version is a text. */
public final class ClusterIdCodec {
    private ClusterIdCodec() {}

    /** The node of a cluster id. */
    public static byte[] encode(String id) {
        return Json.bytes(Json.object().put("version", "1").put("id", id));
    }

    /** The cluster id in a node. */
    public static String decode(byte[] data) {
        String path = ZnodePaths.CLUSTER_ID;
        return Json.required(path, Json.parse(path, data), "id").asText();
    }
}
