// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.controller.Controller.FeatureDecision;
import io.barnabas.coordination.controller.Controller.FeatureUpdate;
import io.barnabas.coordination.controller.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** Why a feature cannot be finalized (KIP-584): brokers of the classic line support none, so each update is refused. */
public final class FeatureDecider {
    private FeatureDecider() {}

    /** The answer to updates of features; each is refused. */
    public static FeatureDecision decide(boolean versioningEnabled, List<FeatureUpdate> updates) {
        if (!versioningEnabled) {
            return new FeatureDecision(invalid("Feature versioning system is disabled."), Map.of());
        }
        Map<String, Refusal> refusals = new LinkedHashMap<>();
        updates.forEach(update -> refusals.put(update.feature(), refusal(update)));
        return new FeatureDecision(Refusal.NONE, refusals);
    }

    private static Refusal refusal(FeatureUpdate update) {
        if (update.feature().isEmpty()) {
            return invalid("Feature name can not be empty.");
        }
        if (!update.knownUpgradeType()) {
            return invalid("Received unknown upgrade type.");
        }
        if (update.maxVersionLevel() < 1 && update.downgradeAllowed()) {
            return invalid("Can not delete non-existing finalized feature.");
        }
        if (update.maxVersionLevel() < 1) {
            return invalid("Can not provide maxVersionLevel: " + update.maxVersionLevel() + " less than 1 for feature: "
                    + update.feature() + " without setting the allowDowngrade flag to true in the request.");
        }
        return invalid("Could not apply finalized feature update because the provided feature is not supported.");
    }

    private static Refusal invalid(String message) {
        return new Refusal(Errors.INVALID_REQUEST, message);
    }
}
