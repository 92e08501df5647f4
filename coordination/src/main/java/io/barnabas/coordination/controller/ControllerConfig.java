// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/**
 * The controller's settings, made by name with a {@link Builder}.
 *
 * @param brokerId this broker
 * @param usesTopicIds {@code inter.broker.protocol.version} is 2.8 or newer (KIP-516)
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
 * @param leaderWaitMs how long a broker's metadata may be held back until the leaders it names have answered their
 *     orders; 0 holds nothing back, as in the original
 * @param maxWaitingRequests how many requests may wait for the loop; those beyond are answered NOT_CONTROLLER at once,
 *     upon which clients ask again
 */
public record ControllerConfig(
        int brokerId,
        boolean usesTopicIds,
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
    /** Kafka 3.9's defaults, at inter-broker protocol 3.9. */
    public static ControllerConfig defaults(int brokerId) {
        return builder(brokerId).build();
    }

    /** Makes settings that are Kafka 3.9's defaults but for what is set. */
    public static Builder builder(int brokerId) {
        return new Builder(brokerId);
    }

    /** Gathers settings by name; {@link ControllerConfig} says what they mean. Not thread-safe. */
    public static final class Builder {
        private final int brokerId;
        private boolean usesTopicIds = true;
        private boolean usesLeaderRecovery = true;
        private boolean usesFeatures = true;
        private int featureFormatVersion = 2;
        private boolean deleteTopicEnable = true;
        private boolean autoLeaderRebalanceEnable = true;
        private long leaderImbalanceCheckIntervalSeconds = 300;
        private int leaderImbalancePerBrokerPercentage = 10;
        private boolean checkIsrBrokerEpochs = true;
        private boolean deleteWithoutDeadReplicas = false;
        private long retryBackoffMs = 100;
        private long leaderWaitMs = 250;
        private int maxWaitingRequests = 10_000;

        private Builder(int brokerId) {
            this.brokerId = brokerId;
        }

        /** Sets {@link ControllerConfig#usesTopicIds}. */
        @CanIgnoreReturnValue
        public Builder usesTopicIds(boolean value) {
            usesTopicIds = value;
            return this;
        }

        /** Sets {@link ControllerConfig#usesLeaderRecovery}. */
        @CanIgnoreReturnValue
        public Builder usesLeaderRecovery(boolean value) {
            usesLeaderRecovery = value;
            return this;
        }

        /** Sets {@link ControllerConfig#usesFeatures}. */
        @CanIgnoreReturnValue
        public Builder usesFeatures(boolean value) {
            usesFeatures = value;
            return this;
        }

        /** Sets {@link ControllerConfig#featureFormatVersion}. */
        @CanIgnoreReturnValue
        public Builder featureFormatVersion(int value) {
            featureFormatVersion = value;
            return this;
        }

        /** Sets {@link ControllerConfig#deleteTopicEnable}. */
        @CanIgnoreReturnValue
        public Builder deleteTopicEnable(boolean value) {
            deleteTopicEnable = value;
            return this;
        }

        /** Sets {@link ControllerConfig#autoLeaderRebalanceEnable}. */
        @CanIgnoreReturnValue
        public Builder autoLeaderRebalanceEnable(boolean value) {
            autoLeaderRebalanceEnable = value;
            return this;
        }

        /** Sets {@link ControllerConfig#leaderImbalanceCheckIntervalSeconds}. */
        @CanIgnoreReturnValue
        public Builder leaderImbalanceCheckIntervalSeconds(long value) {
            leaderImbalanceCheckIntervalSeconds = value;
            return this;
        }

        /** Sets {@link ControllerConfig#leaderImbalancePerBrokerPercentage}. */
        @CanIgnoreReturnValue
        public Builder leaderImbalancePerBrokerPercentage(int value) {
            leaderImbalancePerBrokerPercentage = value;
            return this;
        }

        /** Sets {@link ControllerConfig#checkIsrBrokerEpochs}. */
        @CanIgnoreReturnValue
        public Builder checkIsrBrokerEpochs(boolean value) {
            checkIsrBrokerEpochs = value;
            return this;
        }

        /** Sets {@link ControllerConfig#deleteWithoutDeadReplicas}. */
        @CanIgnoreReturnValue
        public Builder deleteWithoutDeadReplicas(boolean value) {
            deleteWithoutDeadReplicas = value;
            return this;
        }

        /** Sets {@link ControllerConfig#retryBackoffMs}. */
        @CanIgnoreReturnValue
        public Builder retryBackoffMs(long value) {
            retryBackoffMs = value;
            return this;
        }

        /** Sets {@link ControllerConfig#leaderWaitMs}. */
        @CanIgnoreReturnValue
        public Builder leaderWaitMs(long value) {
            leaderWaitMs = value;
            return this;
        }

        /** Sets {@link ControllerConfig#maxWaitingRequests}. */
        @CanIgnoreReturnValue
        public Builder maxWaitingRequests(int value) {
            maxWaitingRequests = value;
            return this;
        }

        /** The settings gathered. */
        public ControllerConfig build() {
            return new ControllerConfig(
                    brokerId,
                    usesTopicIds,
                    usesLeaderRecovery,
                    usesFeatures,
                    featureFormatVersion,
                    deleteTopicEnable,
                    autoLeaderRebalanceEnable,
                    leaderImbalanceCheckIntervalSeconds,
                    leaderImbalancePerBrokerPercentage,
                    checkIsrBrokerEpochs,
                    deleteWithoutDeadReplicas,
                    retryBackoffMs,
                    leaderWaitMs,
                    maxWaitingRequests);
        }
    }
}
