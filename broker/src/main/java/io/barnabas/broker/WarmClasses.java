// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Classes every broker needs that take long to initialize and log nothing: they are initialized while logging is prepared. */
final class WarmClasses {
    private WarmClasses() {}

    static void load() {
        for (Class<?> type : List.of(ApiKeys.class, Errors.class, ObjectMapper.class)) {
            try {
                Class.forName(type.getName(), true, type.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(type + " is loaded already", e);
            }
        }
    }
}
