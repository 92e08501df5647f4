// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.config.ConfigAlterer.Alteration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;

/** AlterConfigs, the older kind: what is given replaces all that a resource had. */
final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequest> {
    private final ConfigAlterer alterer;

    AlterConfigsHandler(ConfigAlterer alterer) {
        this.alterer = alterer;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletableFuture<AlterConfigsResponse> handle(AlterConfigsRequest request, RequestContext context) {
        List<AlterConfigsResource> resources = new ArrayList<>(request.data().resources());
        ResourceCounts counts = new ResourceCounts();
        resources.forEach(resource -> counts.add(resource.resourceType(), resource.resourceName()));
        List<CompletableFuture<ApiError>> errors = new ArrayList<>();
        for (AlterConfigsResource resource : resources) {
            errors.add(
                    counts.isRepeated(resource.resourceType(), resource.resourceName())
                            ? CompletableFuture.completedFuture(ResourceCounts.REPEATED)
                            : alter(resource, request.data().validateOnly()));
        }
        return CompletableFuture.allOf(errors.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> response(resources, errors));
    }

    private CompletableFuture<ApiError> alter(AlterConfigsResource resource, boolean validateOnly) {
        Map<String, String> wanted = new HashMap<>();
        List<String> unset = new ArrayList<>();
        for (AlterableConfig config : resource.configs()) {
            if (wanted.put(config.name(), config.value()) != null) {
                return CompletableFuture.completedFuture(
                        new ApiError(Errors.INVALID_REQUEST, "Error due to duplicate config keys"));
            }
            if (config.value() == null) {
                unset.add(config.name());
            }
        }
        if (!unset.isEmpty()) {
            return CompletableFuture.completedFuture(ApiError.fromThrowable(
                    new InvalidRequestException("Null value not supported for : " + String.join(", ", unset))));
        }
        ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
        if (type == ConfigResource.Type.UNKNOWN || type == ConfigResource.Type.BROKER_LOGGER) {
            return CompletableFuture.completedFuture(ApiError.fromThrowable(
                    new InvalidRequestException("Unknown resource type " + resource.resourceType())));
        }
        return alterer.alter(new Alteration(
                new ConfigResource(type, resource.resourceName()), wanted, before -> wanted, validateOnly));
    }

    private static AlterConfigsResponse response(
            List<AlterConfigsResource> resources, List<CompletableFuture<ApiError>> errors) {
        AlterConfigsResponseData data = new AlterConfigsResponseData();
        for (int i = 0; i < resources.size(); i++) {
            ApiError error = errors.get(i).join();
            data.responses()
                    .add(new AlterConfigsResourceResponse()
                            .setResourceType(resources.get(i).resourceType())
                            .setResourceName(resources.get(i).resourceName())
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.message()));
        }
        return new AlterConfigsResponse(data);
    }
}
