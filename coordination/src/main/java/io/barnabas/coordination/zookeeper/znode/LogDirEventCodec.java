// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

/** The notes in {@code /log_dir_event_notification}: a broker lost a log directory. */
public final class LogDirEventCodec {
    private static final int LOG_DIR_FAILURE = 1;

    private LogDirEventCodec() {}

    /** A note of the broker that lost a log directory. */
    public static byte[] encode(int brokerId) {
        return Json.bytes(
                Json.object().put("version", 1).put("broker", brokerId).put("event", LOG_DIR_FAILURE));
    }

    /** The broker a note is about. */
    public static int decode(String path, byte[] data) {
        return Json.requiredInt(path, Json.parse(path, data), "broker");
    }
}
