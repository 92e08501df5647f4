// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

/**
 * The controller's settings.
 *
 * @param brokerId this broker
 * @param usesTopicIds {@code inter.broker.protocol.version} is 2.8 or newer (KIP-516)
 * @param usesAlterPartition it is 2.7 or newer (KIP-497); below, leaders write the ISR themselves and notify
 * @param usesLeaderRecovery it is 3.2 or newer (KIP-704)
 * @param usesFeatures it is 2.7 or newer (KIP-584)
 * @param featureFormatVersion format of {@code /feature}: 2 from protocol version 3.3 on, 1 below
 * @param deleteTopicEnable {@code delete.topic.enable}
 * @param autoLeaderRebalanceEnable {@code auto.leader.rebalance.enable}
 * @param leaderImbalanceCheckIntervalSeconds {@code leader.imbalance.check.interval.seconds}
 * @param leaderImbalancePerBrokerPercentage {@code leader.imbalance.per.broker.percentage}
 * @param checkIsrBrokerEpochs refuse a replica whose broker epoch is not the registered one (KIP-903, which the
 *     original has only in KRaft); false restores the original
 * @param deleteWithoutDeadReplicas complete a topic's deletion although brokers with replicas of it are gone; false,
 *     as in the original, waits for them (a returning Kafka broker would keep the stray log)
 * @param retryBackoffMs how long to wait before a command to a broker is repeated
 * @param leaderWaitMs how long a broker's metadata may be held back until the leaders it names have answered their orders;
 *     0 holds nothing back, as in the original
 * @param maxWaitingRequests how many requests may wait for the loop; those beyond are answered NOT_CONTROLLER at once, upon
 *     which whoever asked asks again
 */
public record ControllerConfig(
        int brokerId,
        boolean usesTopicIds,
        boolean usesAlterPartition,
        boolean usesLeaderRecovery,
        boolean usesFeatures,
        int featureFormatVersion,
        boolean deleteTopicEnable,
        boolean autoLeaderRebalanceEnable,
        long leaderImbalanceCheckIntervalSeconds,
        int leaderImbalancePerBrokerPercentage,
        boolean checkIsrBrokerEpochs,
        boolean deleteWithoutDeadReplicas,
        long retryBackoffMs,
        long leaderWaitMs,
        int maxWaitingRequests) {
    /** Kafka 3.9's defaults, at IBP 3.9. */
    public static ControllerConfig defaults(int brokerId) {
        return new ControllerConfig(
                brokerId, true, true, true, true, 2, true, true, 300, 10, true, false, 100, 250, 10_000);
    }
}
