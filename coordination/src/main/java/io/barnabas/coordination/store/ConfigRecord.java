// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An entity's stored configuration.
 *
 * @param values what is set
 * @param otherFields what else the stored JSON holds beside version and values; written back untouched
 * @param version the node's version, {@link Versions#ABSENT} if there is no node
 */
public record ConfigRecord(Map<String, String> values, Map<String, Object> otherFields, int version) {
    /** Nothing stored. */
    public static final ConfigRecord ABSENT = new ConfigRecord(Map.of(), Map.of(), Versions.ABSENT);

    public ConfigRecord {
        values = Map.copyOf(values);
        otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
    }

    /** Other values for the same entity, not yet written. */
    public ConfigRecord withValues(Map<String, String> newValues) {
        return new ConfigRecord(newValues, otherFields, version);
    }

    /** The same content at another version; {@link Versions#ANY} makes a write unconditional. */
    public ConfigRecord withVersion(int newVersion) {
        return new ConfigRecord(values, otherFields, newVersion);
    }

    /** Whether the entity has a znode. */
    public boolean exists() {
        return version != Versions.ABSENT;
    }
}
