// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** Describes a topic's configs in the answer that says it was created (KIP-525); implemented where configs are understood. */
@FunctionalInterface
public interface CreatedTopicConfigs {
    /**
     * All configs of a topic with these overrides, as Kafka's CreateTopics shows them: name, value, source, read-only,
     * sensitive. Called on the controller's loop: must not block.
     */
    List<CreatableTopicConfigs> describe(Map<String, String> overrides);
}
