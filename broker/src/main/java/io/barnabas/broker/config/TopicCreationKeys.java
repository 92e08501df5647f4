// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * What a topic gets that nobody described further.
 *
 * @param autoCreate {@code auto.create.topics.enable}
 * @param partitions {@code num.partitions}
 * @param replicationFactor {@code default.replication.factor}
 */
public record TopicCreationKeys(boolean autoCreate, int partitions, int replicationFactor) {
    static TopicCreationKeys from(AbstractConfig values) {
        return new TopicCreationKeys(
                values.getBoolean("auto.create.topics.enable"),
                values.getInt("num.partitions"),
                values.getInt("default.replication.factor"));
    }
}
