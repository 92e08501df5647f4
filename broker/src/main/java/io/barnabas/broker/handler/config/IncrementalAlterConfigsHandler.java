// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.config.ConfigAlterer.Alteration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/** IncrementalAlterConfigs: sets, removes, appends and subtracts single values (KIP-339), and log levels (KIP-412). */
final class IncrementalAlterConfigsHandler implements RequestHandler<IncrementalAlterConfigsRequest> {
    private final int brokerId;
    private final ConfigAlterer alterer;
    private final BrokerLoggers loggers;

    IncrementalAlterConfigsHandler(int brokerId, ConfigAlterer alterer, BrokerLoggers loggers) {
        this.brokerId = brokerId;
        this.alterer = alterer;
        this.loggers = loggers;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletableFuture<IncrementalAlterConfigsResponse> handle(
            IncrementalAlterConfigsRequest request, RequestContext context) {
        List<AlterConfigsResource> resources = new ArrayList<>(request.data().resources());
        ResourceCounts counts = new ResourceCounts();
        resources.forEach(resource -> counts.add(resource.resourceType(), resource.resourceName()));
        List<CompletableFuture<ApiError>> errors = new ArrayList<>();
        for (AlterConfigsResource resource : resources) {
            errors.add(
                    counts.isRepeated(resource.resourceType(), resource.resourceName())
                            ? CompletableFuture.completedFuture(ResourceCounts.REPEATED)
                            : alterOrSayWhyNot(resource, request.data().validateOnly()));
        }
        return CompletableFuture.allOf(errors.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> response(resources, errors));
    }

    private CompletableFuture<ApiError> alterOrSayWhyNot(AlterConfigsResource resource, boolean validateOnly) {
        try {
            return alter(resource, validateOnly);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(AlterErrors.of(e));
        }
    }

    private CompletableFuture<ApiError> alter(AlterConfigsResource resource, boolean validateOnly) {
        List<AlterableConfig> changes = new ArrayList<>(resource.configs());
        requireWellFormed(changes);
        ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
        if (type == ConfigResource.Type.BROKER_LOGGER) {
            alterLoggers(resource.resourceName(), changes, validateOnly);
            return CompletableFuture.completedFuture(ApiError.NONE);
        }
        if (type == ConfigResource.Type.UNKNOWN) {
            throw new InvalidRequestException("Unknown resource type " + resource.resourceType());
        }
        ConfigResource named = new ConfigResource(type, resource.resourceName());
        Map<String, String> asked = new HashMap<>();
        changes.forEach(change -> asked.put(change.name(), change.value()));
        return alterer.alter(new Alteration(
                named, asked, before -> ConfigEdits.apply(before, changes, ConfigAlterer.keysOf(named)), validateOnly));
    }

    private static void requireWellFormed(List<AlterableConfig> changes) {
        Set<String> names = new HashSet<>();
        List<String> unset = new ArrayList<>();
        for (AlterableConfig change : changes) {
            if (!names.add(change.name())) {
                throw new InvalidRequestException("Error due to duplicate config keys");
            }
            if (change.value() == null && change.configOperation() != OpType.DELETE.id()) {
                unset.add(change.name());
            }
        }
        if (!unset.isEmpty()) {
            throw new InvalidRequestException("Null value not supported for : " + String.join(", ", unset));
        }
    }

    private void alterLoggers(String broker, List<AlterableConfig> changes, boolean validateOnly) {
        if (NodeIds.parse("Node", broker) != brokerId) {
            throw new InvalidRequestException("Unexpected node id. Expected " + brokerId + ", but received " + broker);
        }
        loggers.alter(changes, validateOnly);
    }

    private static IncrementalAlterConfigsResponse response(
            List<AlterConfigsResource> resources, List<CompletableFuture<ApiError>> errors) {
        IncrementalAlterConfigsResponseData data = new IncrementalAlterConfigsResponseData();
        for (int i = 0; i < resources.size(); i++) {
            ApiError error = errors.get(i).join();
            data.responses()
                    .add(new AlterConfigsResourceResponse()
                            .setResourceType(resources.get(i).resourceType())
                            .setResourceName(resources.get(i).resourceName())
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.message()));
        }
        return new IncrementalAlterConfigsResponse(data);
    }
}
