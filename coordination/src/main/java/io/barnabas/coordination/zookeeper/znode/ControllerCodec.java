// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.error.StoreDataException;
import java.nio.charset.StandardCharsets;

/** {@code /controller} (writes version 2, reads 1 and 2) and {@code /controller_epoch} (a decimal number). */
public final class ControllerCodec {
    private ControllerCodec() {}

    /** The node of a controller elected at that wall-clock time. */
    public static byte[] encode(int brokerId, long timestampMs) {
        ObjectNode json = Json.object()
                .put("version", 2)
                .put("brokerid", brokerId)
                .put("timestamp", Long.toString(timestampMs))
                .put("kraftControllerEpoch", -1);
        return Json.bytes(json);
    }

    /** The broker id of the controller. */
    public static int decode(byte[] data) {
        return Json.requiredInt(ZnodePaths.CONTROLLER, Json.parse(ZnodePaths.CONTROLLER, data), "brokerid");
    }

    /** The node of a controller epoch. */
    public static byte[] encodeEpoch(int epoch) {
        return Integer.toString(epoch).getBytes(StandardCharsets.UTF_8);
    }

    /** The term in the node of that version. */
    public static ControllerEpoch decodeEpoch(byte[] data, int zkVersion) {
        String text = data == null ? "null" : new String(data, StandardCharsets.UTF_8);
        try {
            return new ControllerEpoch(Integer.parseInt(text), zkVersion);
        } catch (NumberFormatException e) {
            throw new StoreDataException(ZnodePaths.CONTROLLER_EPOCH + ": '" + text + "' is no number");
        }
    }
}
