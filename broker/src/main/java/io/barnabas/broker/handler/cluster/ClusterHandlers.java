// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.ClusterImage;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The handlers of this room. */
public final class ClusterHandlers {
    private ClusterHandlers() {}

    /**
     * All of them.
     *
     * @param services what all handlers share
     * @param creator creates topics that are asked for
     * @param finalizedFeaturesEpoch the version of the {@code /feature} znode; -1 while unknown or without it
     */
    public static List<RequestHandler<?>> all(
            ClusterConfig config,
            RequestServices services,
            TopicAutoCreator creator,
            LongSupplier finalizedFeaturesEpoch) {
        Supplier<ClusterImage> images = services.images();
        OptionalInt self = OptionalInt.of(config.brokerId());
        return List.of(
                new ApiVersionsHandler(config.recordVersion(), config.observer(), finalizedFeaturesEpoch),
                new MetadataHandler(images, config, creator),
                new DescribeClusterHandler(images, config.clusterId()),
                new UpdateFeaturesHandler(() -> images.get().controllerId().equals(self), config.featureVersioning()));
    }
}
