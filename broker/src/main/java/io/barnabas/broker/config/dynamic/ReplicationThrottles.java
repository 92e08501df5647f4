// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import java.util.Map;

/**
 * How fast replicas may be copied while they are throttled (KIP-73, KIP-113); set only dynamically.
 *
 * @param leaderBytesPerSecond {@code leader.replication.throttled.rate}
 * @param followerBytesPerSecond {@code follower.replication.throttled.rate}
 * @param moveBytesPerSecond {@code replica.alter.log.dirs.io.max.bytes.per.second}
 */
public record ReplicationThrottles(long leaderBytesPerSecond, long followerBytesPerSecond, long moveBytesPerSecond) {
    static final String LEADER_RATE = "leader.replication.throttled.rate";
    static final String FOLLOWER_RATE = "follower.replication.throttled.rate";
    static final String MOVE_RATE = "replica.alter.log.dirs.io.max.bytes.per.second";

    /** As good as no throttle. */
    public static final long NONE_BYTES_PER_SECOND = Long.MAX_VALUE;

    /** Nothing is throttled. */
    public static final ReplicationThrottles NONE =
            new ReplicationThrottles(NONE_BYTES_PER_SECOND, NONE_BYTES_PER_SECOND, NONE_BYTES_PER_SECOND);

    static ReplicationThrottles from(Map<String, String> dynamic) {
        return new ReplicationThrottles(
                rate(dynamic, LEADER_RATE), rate(dynamic, FOLLOWER_RATE), rate(dynamic, MOVE_RATE));
    }

    private static long rate(Map<String, String> dynamic, String key) {
        String written = dynamic.get(key);
        return written == null ? NONE_BYTES_PER_SECOND : Long.parseLong(written.trim());
    }
}
