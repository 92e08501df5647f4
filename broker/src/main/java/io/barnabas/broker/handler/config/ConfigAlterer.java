// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.config.dynamic.DynamicBrokerConfig;
import io.barnabas.broker.config.dynamic.TopicConfigs;
import io.barnabas.broker.config.key.ConfigurationException;
import io.barnabas.broker.config.key.KeyTable;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.ConfigEntity;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.requests.ApiError;

/** Alters one resource, for both kinds of alter: checks it as Kafka does, asks the operator's policy, writes it. */
final class ConfigAlterer {
    private final int brokerId;
    private final DynamicBrokerConfig config;
    private final AlterPolicy policy;
    private final Supplier<ClusterImage> image;
    private final ConfigWriter writer;
    private final EventSink events;

    ConfigAlterer(
            int brokerId,
            DynamicBrokerConfig config,
            AlterPolicy policy,
            Supplier<ClusterImage> image,
            ConfigWriter writer,
            EventSink events) {
        this.brokerId = brokerId;
        this.config = config;
        this.policy = policy;
        this.image = image;
        this.writer = writer;
        this.events = events;
    }

    /**
     * One alteration.
     *
     * @param resource what is altered
     * @param asked what the request says, for the policy
     * @param edit from the values set now to those wanted
     * @param validateOnly to check and not to do it
     */
    record Alteration(
            ConfigResource resource,
            Map<String, String> asked,
            Function<Map<String, String>, Map<String, String>> edit,
            boolean validateOnly) {}

    /** Never fails: what went wrong is in the answer. */
    CompletableFuture<ApiError> alter(Alteration alteration) {
        CompletableFuture<Void> altered;
        try {
            altered = start(alteration);
        } catch (RuntimeException e) {
            altered = CompletableFuture.failedFuture(e);
        }
        return altered.thenApply(done -> {
                    tell(alteration);
                    return ApiError.NONE;
                })
                .exceptionally(AlterErrors::of);
    }

    private CompletableFuture<Void> start(Alteration alteration) {
        return switch (alteration.resource().type()) {
            case TOPIC -> alterTopic(alteration);
            case BROKER -> alterBroker(alteration);
            case CLIENT_METRICS ->
                throw new InvalidRequestException(
                        "AlterConfigs is only supported for topics and brokers, but resource type is CLIENT_METRICS");
            default ->
                throw new InvalidRequestException(
                        "Unknown resource type " + alteration.resource().type().id());
        };
    }

    private CompletableFuture<Void> alterTopic(Alteration alteration) {
        String topic = alteration.resource().name();
        if (topic.isEmpty()) {
            throw new InvalidRequestException("Default topic resources are not allowed.");
        }
        if (image.get().topic(topic).isEmpty()) {
            throw new UnknownTopicOrPartitionException("The topic '" + topic + "' does not exist.");
        }
        return writer.change(ConfigEntity.topic(topic), !alteration.validateOnly(), stored -> {
            Map<String, String> wanted = alteration.edit().apply(stored);
            validateTopic(alteration.resource(), wanted);
            policy.ask(alteration.resource(), alteration.asked());
            return wanted;
        });
    }

    private void validateTopic(ConfigResource resource, Map<String, String> wanted) {
        try {
            TopicConfigs.validate(wanted, config.current());
        } catch (ConfigException e) {
            throw new InvalidConfigurationException(
                    "Invalid config value for resource " + resource + ": " + e.getMessage(), e);
        }
    }

    private CompletableFuture<Void> alterBroker(Alteration alteration) {
        String name = alteration.resource().name();
        boolean oneBroker = !name.isEmpty();
        if (oneBroker) {
            requireThisBroker(name);
        }
        ConfigEntity entity = oneBroker ? ConfigEntity.broker(brokerId) : ConfigEntity.allBrokers();
        return writer.change(entity, !alteration.validateOnly(), stored -> {
            Map<String, String> wanted = alteration.edit().apply(config.readStored(stored, oneBroker));
            validateBroker(wanted, oneBroker);
            policy.ask(alteration.resource(), alteration.asked());
            return config.toStored(wanted);
        });
    }

    private void requireThisBroker(String name) {
        if (NodeIds.parse("Node", name) != brokerId) {
            throw new InvalidRequestException("Unexpected broker id, expected " + brokerId + ", but received " + name);
        }
    }

    /** What a broker cannot do is, for compatibility, an invalid request and no invalid configuration (KAFKA-13609). */
    private void validateBroker(Map<String, String> wanted, boolean oneBroker) {
        try {
            config.validate(wanted, oneBroker);
        } catch (ConfigException | ConfigurationException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    private void tell(Alteration alteration) {
        if (!alteration.validateOnly()) {
            events.record(new ConfigAltered(
                    alteration.resource().type(),
                    alteration.resource().name(),
                    new TreeSet<>(alteration.asked().keySet()),
                    "a client asked for it"));
        }
    }

    /** The table that knows the types of a resource's keys. */
    static KeyTable keysOf(ConfigResource resource) {
        return resource.type() == ConfigResource.Type.TOPIC ? KeyTable.TOPIC : KeyTable.BROKER;
    }
}
