// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.meter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The name of a measure, in the parts of Kafka's MBean names: {@code kafka.server:type=ReplicaManager,name=IsrShrinksPerSec}.
 *
 * @param group the domain, such as {@code kafka.server}
 * @param type what is measured, such as {@code ReplicaManager}
 * @param name which of its measures
 * @param tags what tells measures of one name apart, such as {@code topic}, in their order; mostly empty
 */
public record MeterName(String group, String type, String name, Map<String, String> tags) {
    /** Keeps the order of the tags, which is part of an MBean's name. */
    public MeterName {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** A measure of which there is one. */
    public static MeterName of(String group, String type, String name) {
        return new MeterName(group, type, name, Map.of());
    }

    /** The same measure for one of many, such as one topic of all. */
    public MeterName with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(tags);
        more.put(key, value);
        return new MeterName(group, type, name, more);
    }
}
