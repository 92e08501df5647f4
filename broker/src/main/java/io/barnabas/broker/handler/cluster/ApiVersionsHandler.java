// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.protocol.LivenessCodec;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.kafka.common.feature.Features;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/**
 * ApiVersions, v0 to v4: which APIs this broker serves (KIP-35), and its features (KIP-584), of which a broker in
 * ZooKeeper mode has none. Answers itself also before anything else is known of the cluster.
 */
final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequest> {
    private static final short ALTER_FEATURE_LEVEL_0_SINCE = 4;

    private final RecordVersion recordVersion;
    private final boolean observer;
    private final LongSupplier finalizedFeaturesEpoch;

    /**
     * @param observer whether to tell other observers that this broker is one, too
     * @param finalizedFeaturesEpoch version of the {@code /feature} znode; -1 while unknown or without it
     */
    ApiVersionsHandler(RecordVersion recordVersion, boolean observer, LongSupplier finalizedFeaturesEpoch) {
        this.recordVersion = recordVersion;
        this.observer = observer;
        this.finalizedFeaturesEpoch = finalizedFeaturesEpoch;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public CompletionStage<AbstractResponse> handle(ApiVersionsRequest request, RequestContext context) {
        if (request.hasUnsupportedRequestVersion()) {
            return CompletableFuture.completedFuture(
                    request.getErrorResponse(0, Errors.UNSUPPORTED_VERSION.exception()));
        }
        if (!request.isValid()) {
            return CompletableFuture.completedFuture(request.getErrorResponse(0, Errors.INVALID_REQUEST.exception()));
        }
        ApiVersionsResponse answer = answer(request.version());
        if (observer && LivenessCodec.isProbe(request)) {
            LivenessCodec.markObserver(answer);
        }
        return CompletableFuture.completedFuture(answer);
    }

    private ApiVersionsResponse answer(short version) {
        return new ApiVersionsResponse.Builder()
                .setThrottleTimeMs(0)
                .setApiVersions(
                        ApiVersionsResponse.brokerApiVersions(recordVersion, ListenerType.ZK_BROKER, false, false))
                .setSupportedFeatures(Features.emptySupportedFeatures())
                .setFinalizedFeatures(Map.of())
                .setFinalizedFeaturesEpoch(finalizedFeaturesEpoch.getAsLong())
                .setZkMigrationEnabled(false)
                .setAlterFeatureLevel0(version < ALTER_FEATURE_LEVEL_0_SINCE)
                .build();
    }
}
