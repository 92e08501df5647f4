// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.config.dynamic.DynamicBrokerConfig;
import io.barnabas.broker.config.dynamic.TopicConfigs;
import io.barnabas.broker.handler.controller.CreatedTopicConfigs;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** The configs of a topic just created, as DescribeConfigs would show them (KIP-525). */
public record EffectiveTopicConfigs(DynamicBrokerConfig config) implements CreatedTopicConfigs {
    @Override
    public List<CreatableTopicConfigs> describe(Map<String, String> overrides) {
        EntryFactory entries = new EntryFactory(config, true, false);
        return TopicConfigs.effective(overrides, config.current()).entrySet().stream()
                .map(each -> entries.topicEntry(each.getKey(), each.getValue(), overrides))
                .map(entry -> new CreatableTopicConfigs()
                        .setName(entry.name())
                        .setValue(entry.value())
                        .setConfigSource(entry.configSource())
                        .setIsSensitive(entry.isSensitive())
                        .setReadOnly(entry.readOnly()))
                .toList();
    }
}
