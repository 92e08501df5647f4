// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * What the controller does on its own account.
 *
 * @param autoLeaderRebalance {@code auto.leader.rebalance.enable}
 * @param leaderImbalancePercentage {@code leader.imbalance.per.broker.percentage}
 * @param leaderImbalanceCheckIntervalSeconds {@code leader.imbalance.check.interval.seconds}
 * @param uncleanLeaderElection {@code unclean.leader.election.enable}, the default of topics; may change at
 *     run time
 * @param deleteTopics {@code delete.topic.enable}
 */
public record ControllerKeys(
        boolean autoLeaderRebalance,
        int leaderImbalancePercentage,
        long leaderImbalanceCheckIntervalSeconds,
        boolean uncleanLeaderElection,
        boolean deleteTopics) {
    static ControllerKeys from(AbstractConfig values) {
        return new ControllerKeys(
                values.getBoolean("auto.leader.rebalance.enable"),
                values.getInt("leader.imbalance.per.broker.percentage"),
                values.getLong("leader.imbalance.check.interval.seconds"),
                values.getBoolean("unclean.leader.election.enable"),
                values.getBoolean("delete.topic.enable"));
    }
}
