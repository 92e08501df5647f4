// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * How a broker leaves.
 *
 * @param controlled {@code controlled.shutdown.enable}
 * @param maxRetries {@code controlled.shutdown.max.retries}
 * @param retryBackoffMs {@code controlled.shutdown.retry.backoff.ms}
 */
public record ShutdownKeys(boolean controlled, int maxRetries, long retryBackoffMs) {
    static ShutdownKeys from(AbstractConfig values) {
        return new ShutdownKeys(
                values.getBoolean("controlled.shutdown.enable"),
                values.getInt("controlled.shutdown.max.retries"),
                values.getLong("controlled.shutdown.retry.backoff.ms"));
    }
}
