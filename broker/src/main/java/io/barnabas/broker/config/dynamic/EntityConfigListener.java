// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.coordination.store.ConfigEntity;
import java.util.Map;

/** Hears of configuration that is none of this room's: users, clients, addresses. Must not block. */
@FunctionalInterface
public interface EntityConfigListener {
    /** Nobody listens. */
    EntityConfigListener NONE = (entity, values) -> {};

    /** An entity's configuration was set, changed or (empty) removed. */
    void changed(ConfigEntity entity, Map<String, String> values);
}
