// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.UpdateFeaturesRequest;
import org.apache.kafka.common.requests.UpdateFeaturesRequest.FeatureUpdateItem;
import org.apache.kafka.common.requests.UpdateFeaturesResponse;

/**
 * UpdateFeatures (KIP-584), v0 and v1. In ZooKeeper mode there is no feature to update: the controller refuses each,
 * other brokers refuse the request.
 */
final class UpdateFeaturesHandler implements RequestHandler<UpdateFeaturesRequest> {
    private final BooleanSupplier isController;
    private final boolean featureVersioning;

    UpdateFeaturesHandler(BooleanSupplier isController, boolean featureVersioning) {
        this.isController = isController;
        this.featureVersioning = featureVersioning;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.UPDATE_FEATURES;
    }

    @Override
    public CompletionStage<AbstractResponse> handle(UpdateFeaturesRequest request, RequestContext context) {
        ApiError error = ApiError.NONE;
        Map<String, ApiError> refusals = new TreeMap<>();
        if (!isController.getAsBoolean()) {
            error = new ApiError(Errors.NOT_CONTROLLER);
        } else if (!featureVersioning) {
            error = new ApiError(Errors.INVALID_REQUEST, "Feature versioning system is disabled.");
        } else {
            request.featureUpdates().forEach(update -> refusals.put(update.feature(), refusal(update)));
        }
        return CompletableFuture.completedFuture(UpdateFeaturesResponse.createWithErrors(error, refusals, 0));
    }

    private static ApiError refusal(FeatureUpdateItem update) {
        if (update.feature().isEmpty()) {
            return new ApiError(Errors.INVALID_REQUEST, "Feature name can not be empty.");
        }
        if (update.isDeleteRequest()) {
            return new ApiError(Errors.INVALID_REQUEST, "Can not delete non-existing finalized feature.");
        }
        if (update.versionLevel() < 1) {
            return new ApiError(
                    Errors.INVALID_REQUEST,
                    "Can not provide versionLevel: " + update.versionLevel()
                            + " less than 1 without setting the SAFE downgradeType in the request.");
        }
        return new ApiError(
                Errors.INVALID_REQUEST,
                "Could not apply finalized feature update because the provided feature is not supported.");
    }
}
