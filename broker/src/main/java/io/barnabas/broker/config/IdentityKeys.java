// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * Who this broker is, before it has registered.
 *
 * @param brokerId {@code broker.id}, or {@code node.id}; -1 asks for a generated id
 * @param generateId {@code broker.id.generation.enable}
 * @param reservedMaxId {@code reserved.broker.max.id}, generated ids are greater
 * @param rack {@code broker.rack}
 */
public record IdentityKeys(int brokerId, boolean generateId, int reservedMaxId, Optional<String> rack) {
    static IdentityKeys from(AbstractConfig values) {
        return new IdentityKeys(
                values.getInt("broker.id"),
                values.getBoolean("broker.id.generation.enable"),
                values.getInt("reserved.broker.max.id"),
                Optional.ofNullable(values.getString("broker.rack")));
    }
}
