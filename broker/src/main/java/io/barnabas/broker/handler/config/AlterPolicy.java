// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.plugin.Policies;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.AlterConfigPolicy;
import org.apache.kafka.server.policy.AlterConfigPolicy.RequestMetadata;

/** The operator's say in alterations ({@code alter.config.policy.class.name}), where there is one. */
record AlterPolicy(Optional<AlterConfigPolicy> plugIn) {
    static AlterPolicy of(BarnabasConfig config) {
        return new AlterPolicy(Policies.load(config, "alter.config.policy.class.name", AlterConfigPolicy.class));
    }

    /**
     * @param changes what the request sets
     * @throws PolicyViolationException if the operator does not want it
     */
    void ask(ConfigResource resource, Map<String, String> changes) {
        plugIn.ifPresent(policy -> policy.validate(new RequestMetadata(resource, changes)));
    }
}
