// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * How long the state of idempotent producers is kept. Both may be read again after a change.
 *
 * @param expirationMs {@code producer.id.expiration.ms}, may change at run time
 * @param expirationCheckIntervalMs {@code producer.id.expiration.check.interval.ms}
 */
public record ProducerIdKeys(int expirationMs, int expirationCheckIntervalMs) {
    static ProducerIdKeys from(AbstractConfig values) {
        return new ProducerIdKeys(
                values.getInt("producer.id.expiration.ms"), values.getInt("producer.id.expiration.check.interval.ms"));
    }
}
