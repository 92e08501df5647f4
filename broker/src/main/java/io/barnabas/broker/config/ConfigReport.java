// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.broker.config.key.KeySpec;
import io.barnabas.broker.config.key.KeyTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;

/** What the broker says about its settings when it starts: every value in one block, and what it will not act on. */
public final class ConfigReport {
    private static final Pattern PREFIXED = Pattern.compile("listener\\.name\\.[^.]+\\..+|config\\.providers(\\..*)?");
    private static final String HIDDEN = "[hidden]";

    private final BarnabasConfig config;

    public ConfigReport(BarnabasConfig config) {
        this.config = config;
    }

    /** Every key with its value, one a line, passwords and unknown keys hidden. */
    public String values() {
        Map<String, Object> sorted = new TreeMap<>(config.values().values());
        StringBuilder block = new StringBuilder(16_384).append("Configuration:");
        sorted.forEach(
                (key, value) -> block.append("\n\t").append(key).append(" = ").append(shown(key, value)));
        return block.toString();
    }

    /** Keys that were written and that nobody knows: a slip of the pen, or a plug-in's own. */
    public List<String> unknownKeys() {
        return config.values().originals().keySet().stream()
                .filter(key ->
                        !KeyTable.BROKER.contains(key) && !PREFIXED.matcher(key).matches())
                .sorted()
                .toList();
    }

    /** Keys that were written with a value other than the default and have no effect here, each with the reason. */
    public Map<String, String> withoutEffect() {
        Map<String, String> result = new TreeMap<>();
        for (String key : config.values().originals().keySet()) {
            KeyTable.BROKER
                    .find(key)
                    .filter(spec -> !spec.honoured() && differs(spec))
                    .ifPresent(spec -> result.put(key, spec.effect().replaceFirst("^none: ", "")));
        }
        return result;
    }

    private boolean differs(KeySpec spec) {
        Object byDefault = ConfigDef.parseType(spec.name(), spec.defaultValue(), spec.type());
        Object written = config.values().values().get(spec.name());
        return byDefault == null ? written != null : !byDefault.equals(written);
    }

    private static String shown(String key, Object value) {
        if (value instanceof Password) {
            return HIDDEN;
        }
        ConfigDef.Type type = KeyTable.BROKER.find(key).map(KeySpec::type).orElse(ConfigDef.Type.PASSWORD);
        return type == ConfigDef.Type.PASSWORD && value != null ? HIDDEN : ConfigDef.convertToString(value, type);
    }
}
