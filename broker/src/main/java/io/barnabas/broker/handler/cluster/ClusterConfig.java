// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import org.apache.kafka.common.record.RecordVersion;

/**
 * What the session's handlers have to know of their broker.
 *
 * @param clusterId the cluster's id
 * @param brokerId this broker's id
 * @param autoCreateTopics {@code auto.create.topics.enable}
 * @param recordVersion the newest record format of the inter-broker protocol; APIs that need a newer one are not
 *     advertised
 * @param featureVersioning whether the inter-broker protocol (2.7 on) has feature versioning
 * @param observer whether this broker watches others and takes reports of their deaths
 */
public record ClusterConfig(
        String clusterId,
        int brokerId,
        boolean autoCreateTopics,
        RecordVersion recordVersion,
        boolean featureVersioning,
        boolean observer) {}
