// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * How followers copy, and when a leader counts them as in sync.
 *
 * @param lagTimeMaxMs {@code replica.lag.time.max.ms}
 * @param fetcherThreads {@code num.replica.fetchers}, per source broker; may change at run time
 * @param fetchMaxBytes {@code replica.fetch.max.bytes}, per partition
 * @param fetchResponseMaxBytes {@code replica.fetch.response.max.bytes}
 * @param fetchMinBytes {@code replica.fetch.min.bytes}
 * @param fetchWaitMaxMs {@code replica.fetch.wait.max.ms}
 * @param fetchBackoffMs {@code replica.fetch.backoff.ms}
 * @param socketTimeoutMs {@code replica.socket.timeout.ms}
 * @param socketReceiveBufferBytes {@code replica.socket.receive.buffer.bytes} where it is set, else -1 for the system's own
 *     choice
 * @param highWatermarkCheckpointIntervalMs {@code replica.high.watermark.checkpoint.interval.ms}
 * @param replicaSelectorClass {@code replica.selector.class}, KIP-392
 * @param producePurgeIntervalRequests {@code producer.purgatory.purge.interval.requests}
 * @param fetchPurgeIntervalRequests {@code fetch.purgatory.purge.interval.requests}
 * @param deleteRecordsPurgeIntervalRequests {@code delete.records.purgatory.purge.interval.requests}
 */
public record ReplicationKeys(
        long lagTimeMaxMs,
        int fetcherThreads,
        int fetchMaxBytes,
        int fetchResponseMaxBytes,
        int fetchMinBytes,
        int fetchWaitMaxMs,
        int fetchBackoffMs,
        int socketTimeoutMs,
        int socketReceiveBufferBytes,
        long highWatermarkCheckpointIntervalMs,
        Optional<String> replicaSelectorClass,
        int producePurgeIntervalRequests,
        int fetchPurgeIntervalRequests,
        int deleteRecordsPurgeIntervalRequests) {
    static ReplicationKeys from(AbstractConfig values) {
        return new ReplicationKeys(
                values.getLong("replica.lag.time.max.ms"),
                values.getInt("num.replica.fetchers"),
                values.getInt("replica.fetch.max.bytes"),
                values.getInt("replica.fetch.response.max.bytes"),
                values.getInt("replica.fetch.min.bytes"),
                values.getInt("replica.fetch.wait.max.ms"),
                values.getInt("replica.fetch.backoff.ms"),
                values.getInt("replica.socket.timeout.ms"),
                socketReceiveBufferBytes(values),
                values.getLong("replica.high.watermark.checkpoint.interval.ms"),
                Optional.ofNullable(values.getString("replica.selector.class")),
                values.getInt("producer.purgatory.purge.interval.requests"),
                values.getInt("fetch.purgatory.purge.interval.requests"),
                values.getInt("delete.records.purgatory.purge.interval.requests"));
    }

    /**
     * A window nobody asked for: the default is smaller than what a busy leader has to send, so that each answer goes over
     * in many small pieces. The system's grows with what comes.
     */
    private static int socketReceiveBufferBytes(AbstractConfig values) {
        String key = "replica.socket.receive.buffer.bytes";
        return values.originals().containsKey(key) ? values.getInt(key) : -1;
    }
}
