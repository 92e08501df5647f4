// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * Limits of classic consumer groups.
 *
 * @param minSessionTimeoutMs {@code group.min.session.timeout.ms}
 * @param maxSessionTimeoutMs {@code group.max.session.timeout.ms}
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}
 * @param maxSize {@code group.max.size}
 */
public record GroupKeys(int minSessionTimeoutMs, int maxSessionTimeoutMs, int initialRebalanceDelayMs, int maxSize) {
    static GroupKeys from(AbstractConfig values) {
        return new GroupKeys(
                values.getInt("group.min.session.timeout.ms"),
                values.getInt("group.max.session.timeout.ms"),
                values.getInt("group.initial.rebalance.delay.ms"),
                values.getInt("group.max.size"));
    }
}
