// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.plugin;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.key.ConfigurationException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.utils.Utils;

/** Makes the operator's plug-ins. */
public final class Policies {
    private Policies() {}

    /**
     * The plug-in a key names, made and configured with this broker's settings.
     *
     * @throws ConfigurationException where its class is no such plug-in or cannot be made
     */
    public static <T extends Configurable> Optional<T> load(BarnabasConfig config, String key, Class<T> type) {
        Object named = config.values().values().get(key);
        if (named == null) {
            return Optional.empty();
        }
        try {
            Class<?> chosen = named instanceof String name ? Utils.loadClass(name, type) : (Class<?>) named;
            T policy = type.cast(chosen.getDeclaredConstructor().newInstance());
            Map<String, Object> settings = new HashMap<>(config.values().originals());
            settings.putAll(config.values().values());
            policy.configure(settings);
            return Optional.of(policy);
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new ConfigurationException(
                    key + " names " + (named instanceof Class<?> known ? known.getName() : named) + ", which is no "
                            + type.getSimpleName() + " with a public constructor without parameters",
                    e);
        }
    }
}
