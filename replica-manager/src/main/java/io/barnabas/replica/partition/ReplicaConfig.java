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
 * @param maxFetchSessions {@code max.incremental.fetch.session.cache.slots}
 */
public record ReplicaConfig(
        int brokerId,
        long lagTimeMaxMs,
        long highWatermarkCheckpointIntervalMs,
        String interBrokerListener,
        boolean strictUnderMinIsr,
        int maxFetchSessions) {
    /** Kafka's defaults, but for the rule that keeps the in-sync set from flapping. */
    public static ReplicaConfig defaults(int brokerId, String interBrokerListener) {
        return new ReplicaConfig(brokerId, 30_000L, 5_000L, interBrokerListener, true, 1_000);
    }
}
