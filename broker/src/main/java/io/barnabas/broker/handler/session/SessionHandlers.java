// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.session;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The handlers of this room. */
public final class SessionHandlers {
    private SessionHandlers() {}

    /**
     * All of them.
     *
     * @param services what all handlers share
     * @param creator creates topics that are asked for
     * @param ids where producer ids come from
     * @param transactionalIds who serves transactional producers
     * @param finalizedFeaturesEpoch the version of the {@code /feature} znode; -1 while unknown or without it
     */
    public static List<RequestHandler<?>> all(
            SessionConfig config,
            RequestServices services,
            TopicAutoCreator creator,
            ProducerIds ids,
            TransactionalIds transactionalIds,
            LongSupplier finalizedFeaturesEpoch) {
        Supplier<ClusterImage> images = services.images();
        List<RequestHandler<?>> handlers = new ArrayList<>(LaterWork.all());
        handlers.add(new ApiVersionsHandler(config.recordVersion(), finalizedFeaturesEpoch));
        handlers.add(new MetadataHandler(images, config, creator));
        handlers.add(new DescribeClusterHandler(images, config.clusterId()));
        handlers.add(new InitProducerIdHandler(ids, transactionalIds));
        OptionalInt self = OptionalInt.of(config.brokerId());
        handlers.add(
                new UpdateFeaturesHandler(() -> images.get().controllerId().equals(self), config.featureVersioning()));
        return List.copyOf(handlers);
    }
}
