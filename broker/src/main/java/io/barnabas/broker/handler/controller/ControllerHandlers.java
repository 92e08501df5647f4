// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.liveness.Evidence;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The handlers of this room. UpdateFeatures is answered by the session's. */
public final class ControllerHandlers {
    private ControllerHandlers() {}

    /**
     * All of them.
     *
     * @param services what all handlers share
     * @param configs describes the configs of a topic just created
     * @param deleteTopicEnable {@code delete.topic.enable}
     * @param reports takes what other observers say of brokers' deaths
     * @param timer keeps the requests' time-outs; short tasks only
     */
    public static List<RequestHandler<?>> all(
            Controller controller,
            RequestServices services,
            CreatedTopicConfigs configs,
            boolean deleteTopicEnable,
            Consumer<Evidence.Reported> reports,
            ScheduledExecutorService timer) {
        Supplier<ClusterImage> images = services.images();
        Deadlines deadlines = new Deadlines(timer);
        return List.of(
                new AlterPartitionHandler(controller, reports),
                new ControlledShutdownHandler(controller),
                new ElectLeadersHandler(controller, images, deadlines),
                new AlterPartitionReassignmentsHandler(controller, deadlines),
                new ListPartitionReassignmentsHandler(controller, deadlines),
                new CreateTopicsHandler(controller, configs, deadlines),
                new DeleteTopicsHandler(controller, images, deleteTopicEnable, deadlines),
                new CreatePartitionsHandler(controller, deadlines),
                new AllocateProducerIdsHandler(controller));
    }
}
