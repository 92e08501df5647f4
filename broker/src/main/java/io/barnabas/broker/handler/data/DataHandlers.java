// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.session.FetchSessionCache;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** All handlers of the data path. */
public final class DataHandlers {
    private DataHandlers() {}

    /**
     * @param replicas this broker's replicas
     * @param sessions the fetch sessions
     * @param services what all handlers share
     * @param fetchMaxBytes {@code fetch.max.bytes}
     * @param longWork where answers are made that take too long for an event loop
     * @param verification asked before transactional records are appended
     */
    public static List<RequestHandler<?>> all(
            ReplicaManager replicas,
            FetchSessionCache sessions,
            RequestServices services,
            IntSupplier fetchMaxBytes,
            Executor longWork,
            TransactionVerification verification) {
        Supplier<ClusterImage> clusterImage = services.images();
        return List.of(
                new ProduceHandler(replicas, clusterImage, verification),
                new FetchHandler(replicas, sessions, clusterImage, fetchMaxBytes, longWork),
                new ListOffsetsHandler(replicas),
                new OffsetForLeaderEpochHandler(replicas),
                new DeleteRecordsHandler(replicas, clusterImage),
                new DescribeProducersHandler(
                        replicas, topic -> clusterImage.get().topic(topic).isPresent()));
    }
}
