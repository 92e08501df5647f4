// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.config.dynamic.DynamicBrokerConfig;
import io.barnabas.broker.config.dynamic.TopicConfigs;
import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ConfigStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/** DescribeConfigs: of topics from the coordination store, of this broker and of the defaults of all from memory. */
final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequest> {
    private final int brokerId;
    private final DynamicBrokerConfig config;
    private final ConfigStore store;
    private final Supplier<ClusterImage> image;
    private final BrokerLoggers loggers;

    DescribeConfigsHandler(
            int brokerId,
            DynamicBrokerConfig config,
            ConfigStore store,
            Supplier<ClusterImage> image,
            BrokerLoggers loggers) {
        this.brokerId = brokerId;
        this.config = config;
        this.store = store;
        this.image = image;
        this.loggers = loggers;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public CompletableFuture<DescribeConfigsResponse> handle(DescribeConfigsRequest request, RequestContext context) {
        DescribeConfigsRequestData data = request.data();
        requireKnownTypes(data);
        EntryFactory entries = new EntryFactory(config, data.includeSynonyms(), data.includeDocumentation());
        List<CompletableFuture<DescribeConfigsResult>> results = new ArrayList<>();
        for (DescribeConfigsResource resource : data.resources()) {
            results.add(describeOrSayWhyNot(resource, entries));
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
                .thenApply(done ->
                        answer(results.stream().map(CompletableFuture::join).toList()));
    }

    private static DescribeConfigsResponse answer(List<DescribeConfigsResult> results) {
        return new DescribeConfigsResponse(new DescribeConfigsResponseData().setResults(results));
    }

    /** One resource of no known type fails the request as a whole. */
    private static void requireKnownTypes(DescribeConfigsRequestData data) {
        for (DescribeConfigsResource resource : data.resources()) {
            ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
            if (type == ConfigResource.Type.UNKNOWN) {
                throw new InvalidRequestException(
                        "Unexpected resource type " + type + " for resource " + resource.resourceName());
            }
        }
    }

    private CompletableFuture<DescribeConfigsResult> describeOrSayWhyNot(
            DescribeConfigsResource resource, EntryFactory entries) {
        CompletableFuture<DescribeConfigsResult> described;
        try {
            described = describe(resource, entries);
        } catch (RuntimeException e) {
            described = CompletableFuture.failedFuture(e);
        }
        return described.exceptionally(DescribeConfigsHandler::refusal).thenApply(result -> result.setResourceName(
                        resource.resourceName())
                .setResourceType(resource.resourceType()));
    }

    private static DescribeConfigsResult refusal(Throwable failure) {
        ApiError error = AlterErrors.of(failure);
        return new DescribeConfigsResult()
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message())
                .setConfigs(List.of());
    }

    private CompletableFuture<DescribeConfigsResult> describe(DescribeConfigsResource resource, EntryFactory entries) {
        ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
        return switch (type) {
            case TOPIC -> describeTopic(resource, entries);
            case BROKER -> CompletableFuture.completedFuture(describeBroker(resource, entries));
            case BROKER_LOGGER -> CompletableFuture.completedFuture(describeLoggers(resource));
            case CLIENT_METRICS ->
                throw new InvalidRequestException("Config type client-metrics is only supported on KRaft clusters");
            default ->
                throw new InvalidRequestException(
                        "Unexpected resource type " + type + " for resource " + resource.resourceName());
        };
    }

    private CompletableFuture<DescribeConfigsResult> describeTopic(
            DescribeConfigsResource resource, EntryFactory entries) {
        String topic = resource.resourceName();
        Topic.validate(topic);
        if (image.get().topic(topic).isEmpty()) {
            return CompletableFuture.completedFuture(new DescribeConfigsResult()
                    .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                    .setConfigs(List.of()));
        }
        return store.read(ConfigEntity.topic(topic)).thenApply(stored -> topicResult(resource, stored, entries));
    }

    private DescribeConfigsResult topicResult(
            DescribeConfigsResource resource, ConfigRecord stored, EntryFactory entries) {
        Map<String, Object> values = TopicConfigs.effective(stored.values(), config.current());
        return select(resource, values, (key, value) -> entries.topicEntry(key, value, stored.values()));
    }

    private DescribeConfigsResult describeBroker(DescribeConfigsResource resource, EntryFactory entries) {
        String name = resource.resourceName();
        if (name == null || name.isEmpty()) {
            return select(resource, config.forAllBrokers(), (key, value) -> entries.brokerEntry(key, value, false));
        }
        if (NodeIds.parse("Broker", name) != brokerId) {
            throw new InvalidRequestException(
                    "Unexpected broker id, expected " + brokerId + " or empty string, but received " + name);
        }
        return select(
                resource,
                EntryFactory.brokerValues(config.current()),
                (key, value) -> entries.brokerEntry(key, value, true));
    }

    private DescribeConfigsResult describeLoggers(DescribeConfigsResource resource) {
        String name = resource.resourceName();
        if (name == null || name.isEmpty()) {
            throw new InvalidRequestException("Broker id must not be empty");
        }
        if (NodeIds.parse("Broker", name) != brokerId) {
            throw new InvalidRequestException("Unexpected broker id, expected " + brokerId + " but received " + name);
        }
        return select(resource, loggers.levels(), DescribeConfigsHandler::loggerEntry);
    }

    private static DescribeConfigsResourceResult loggerEntry(String logger, Object level) {
        return new DescribeConfigsResourceResult()
                .setName(logger)
                .setValue(level.toString())
                .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG.id())
                .setConfigType(ConfigType.UNKNOWN.id())
                .setIsDefault(false)
                .setReadOnly(false)
                .setIsSensitive(false)
                .setSynonyms(List.of());
    }

    private static DescribeConfigsResult select(
            DescribeConfigsResource resource,
            Map<String, ?> values,
            BiFunction<String, Object, DescribeConfigsResourceResult> entry) {
        List<String> wanted = resource.configurationKeys();
        List<DescribeConfigsResourceResult> configs = new ArrayList<>();
        values.forEach((key, value) -> {
            if (wanted == null || wanted.isEmpty() || wanted.contains(key)) {
                configs.add(entry.apply(key, value));
            }
        });
        return new DescribeConfigsResult().setErrorCode(Errors.NONE.code()).setConfigs(configs);
    }
}
