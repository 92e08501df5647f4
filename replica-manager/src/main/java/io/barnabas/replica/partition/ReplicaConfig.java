// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

/**
 * What {@code server.properties} says about replicas.
 *
 * @param brokerId {@code broker.id}
 * @param lagTimeMaxMs {@code replica.lag.time.max.ms}
 * @param highWatermarkCheckpointIntervalMs {@code replica.high.watermark.checkpoint.interval.ms}
 * @param interBrokerListener {@code inter.broker.listener.name}: where leaders are fetched from
 * @param strictUnderMinIsr see {@link IsrRules#strictUnderMinIsr()}
 * @param checkCompressed {@code barnabas.check.compressed.records}: whether compressed batches are looked into where
 *     the topic asks nothing of their records
 * @param maxDecompressedBytes {@link #MAX_DECOMPRESSED_BYTES_KEY}: the most bytes a batch may have when decompressed
 */
public record ReplicaConfig(
        int brokerId,
        long lagTimeMaxMs,
        long highWatermarkCheckpointIntervalMs,
        String interBrokerListener,
        boolean strictUnderMinIsr,
        boolean checkCompressed,
        long maxDecompressedBytes) {
    /** The key, as refusals name it. */
    public static final String MAX_DECOMPRESSED_BYTES_KEY = "barnabas.max.decompressed.message.bytes";

    /** Kafka's defaults, but for the rule that keeps the in-sync set from flapping. */
    public static ReplicaConfig defaults(int brokerId, String interBrokerListener) {
        return new ReplicaConfig(brokerId, 30_000L, 5_000L, interBrokerListener, true, true, 1L << 30);
    }
}
