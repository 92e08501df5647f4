// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import java.util.concurrent.CompletableFuture;

/** The finalized features, written by the controller, read by all. */
public interface FeatureStore {
    /** What is stored; {@link FeatureSettings#ABSENT} if nothing is. */
    CompletableFuture<FeatureSettings> read();

    /**
     * Writes on the condition of {@link FeatureSettings#version()} and of the controller's epoch.
     *
     * @return what is stored now, with its new version
     */
    CompletableFuture<FeatureSettings> write(FeatureSettings settings, int controllerEpochZkVersion);
}
