// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.replica.log.LogConfig;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Carries changes of the broker's defaults for topics to the logs. */
public final class TopicDefaultsSubscriber implements ConfigSubscriber {
    private static final Set<String> KEYS = KeyTable.TOPIC.specs().stream()
            .flatMap(spec -> TopicConfigs.brokerKeysOf(spec.name()).stream())
            .filter(DynamicKeys::isDynamic)
            .collect(Collectors.toUnmodifiableSet());

    private final TopicConfigRepository topics;
    private final Consumer<LogConfig> defaults;

    /** @param defaults hears the settings of topics that override nothing; must not block */
    public TopicDefaultsSubscriber(TopicConfigRepository topics, Consumer<LogConfig> defaults) {
        this.topics = topics;
        this.defaults = defaults;
    }

    @Override
    public Set<String> keys() {
        return KEYS;
    }

    @Override
    public void changed(BarnabasConfig before, BarnabasConfig after) {
        defaults.accept(TopicConfigs.defaultLogConfig(after));
        topics.refreshAll();
    }
}
