// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.key.KeyTable;
import java.util.Set;
import java.util.stream.Collectors;

/** Carries changes of the broker's defaults for topics to the logs. */
public final class TopicDefaultsSubscriber implements ConfigSubscriber {
    private static final Set<String> KEYS = KeyTable.TOPIC.specs().stream()
            .flatMap(spec -> KeyTable.brokerKeysOf(spec.name()).stream())
            .filter(DynamicKeys::isDynamic)
            .collect(Collectors.toUnmodifiableSet());

    private final TopicConfigRepository topics;
    /** @param topics knows every topic this broker has logs of, also those that override nothing */
    public TopicDefaultsSubscriber(TopicConfigRepository topics) {
        this.topics = topics;
    }

    @Override
    public Set<String> keys() {
        return KEYS;
    }

    @Override
    public void changed(BarnabasConfig before, BarnabasConfig after) {
        topics.refreshAll();
    }
}
