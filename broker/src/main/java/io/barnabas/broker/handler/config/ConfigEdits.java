// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.config.key.KeySpec;
import io.barnabas.broker.config.key.KeyTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;

/** The four operations of IncrementalAlterConfigs on a set of values (KIP-339). */
final class ConfigEdits {
    private ConfigEdits() {}

    /**
     * @param keys knows which values are lists
     * @return the values after all operations, in their order
     * @throws InvalidConfigurationException where a list operation meets something else
     */
    static Map<String, String> apply(Map<String, String> values, Iterable<AlterableConfig> changes, KeyTable keys) {
        Map<String, String> result = new HashMap<>(values);
        for (AlterableConfig change : changes) {
            OpType operation = OpType.forId(change.configOperation());
            if (operation == null) {
                throw new InvalidRequestException("Unknown operations type " + change.configOperation());
            }
            switch (operation) {
                case SET -> result.put(change.name(), change.value());
                case DELETE -> result.remove(change.name());
                case APPEND, SUBTRACT -> editList(result, change, operation, keys);
            }
        }
        return result;
    }

    private static void editList(Map<String, String> values, AlterableConfig change, OpType operation, KeyTable keys) {
        KeySpec spec = keys.find(change.name())
                .orElseThrow(() -> new InvalidConfigurationException("Unknown config name: " + change.name()));
        if (spec.type() != ConfigDef.Type.LIST) {
            throw new InvalidConfigurationException("Config value "
                    + operation.name().toLowerCase(Locale.ROOT) + " is not allowed for config key: " + change.name());
        }
        String before = values.getOrDefault(change.name(), spec.defaultValue());
        List<String> items = new ArrayList<>(items(before == null ? "" : before));
        for (String item : items(change.value())) {
            if (operation == OpType.SUBTRACT) {
                items.remove(item);
            } else if (!items.contains(item)) {
                items.add(item);
            }
        }
        values.put(change.name(), String.join(",", items));
    }

    private static List<String> items(String list) {
        return Arrays.stream(list.split(",", -1))
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
