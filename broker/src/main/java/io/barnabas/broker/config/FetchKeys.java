// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * Limits of what one fetch may ask for.
 *
 * @param maxBytes {@code fetch.max.bytes}
 * @param sessionCacheSlots {@code max.incremental.fetch.session.cache.slots}
 */
public record FetchKeys(int maxBytes, int sessionCacheSlots) {
    static FetchKeys from(AbstractConfig values) {
        return new FetchKeys(
                values.getInt("fetch.max.bytes"), values.getInt("max.incremental.fetch.session.cache.slots"));
    }
}
