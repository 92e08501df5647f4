// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * The windows over which rates are measured, in samples of so many seconds.
 *
 * @param clientSamples {@code quota.window.num}
 * @param clientWindowSeconds {@code quota.window.size.seconds}
 * @param replicationSamples {@code replication.quota.window.num}
 * @param replicationWindowSeconds {@code replication.quota.window.size.seconds}
 * @param alterLogDirsSamples {@code alter.log.dirs.replication.quota.window.num}
 * @param alterLogDirsWindowSeconds {@code alter.log.dirs.replication.quota.window.size.seconds}
 * @param controllerSamples {@code controller.quota.window.num}
 * @param controllerWindowSeconds {@code controller.quota.window.size.seconds}
 */
public record QuotaKeys(
        int clientSamples,
        int clientWindowSeconds,
        int replicationSamples,
        int replicationWindowSeconds,
        int alterLogDirsSamples,
        int alterLogDirsWindowSeconds,
        int controllerSamples,
        int controllerWindowSeconds) {
    static QuotaKeys from(AbstractConfig values) {
        return new QuotaKeys(
                values.getInt("quota.window.num"),
                values.getInt("quota.window.size.seconds"),
                values.getInt("replication.quota.window.num"),
                values.getInt("replication.quota.window.size.seconds"),
                values.getInt("alter.log.dirs.replication.quota.window.num"),
                values.getInt("alter.log.dirs.replication.quota.window.size.seconds"),
                values.getInt("controller.quota.window.num"),
                values.getInt("controller.quota.window.size.seconds"));
    }
}
