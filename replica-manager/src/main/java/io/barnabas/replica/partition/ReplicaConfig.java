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
 */
public record ReplicaConfig(
        int brokerId,
        long lagTimeMaxMs,
        long highWatermarkCheckpointIntervalMs,
        String interBrokerListener,
        boolean strictUnderMinIsr) {
    /** Kafka's defaults, but for the rule that keeps the in-sync set from flapping. */
    public static ReplicaConfig defaults(int brokerId, String interBrokerListener) {
        return new ReplicaConfig(brokerId, 30_000L, 5_000L, interBrokerListener, true);
    }
}
