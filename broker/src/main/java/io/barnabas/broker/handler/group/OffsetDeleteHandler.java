// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.coordinator.group.OffsetDelete;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;

/**
 * OffsetDelete, v0. What is wrong with the group is the answer as a whole, whatever the topics are: the coordinator is asked
 * even if none of them is known.
 */
final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequest> {
    private final GroupCoordinator coordinator;
    private final Supplier<ClusterImage> images;

    OffsetDeleteHandler(GroupCoordinator coordinator, Supplier<ClusterImage> images) {
        this.coordinator = coordinator;
        this.images = images;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public CompletionStage<OffsetDeleteResponse> handle(OffsetDeleteRequest request, RequestContext context) {
        ClusterImage image = images.get();
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        List<TopicPartition> known = new ArrayList<>();
        request.data().topics().forEach(topic -> topic.partitions().forEach(partition -> {
            TopicPartition named = new TopicPartition(topic.name(), partition.partitionIndex());
            if (image.contains(named)) {
                known.add(named);
            } else {
                answers.put(named, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }));
        return coordinator
                .deleteOffsets(new OffsetDelete.Request(request.data().groupId(), known))
                .thenApply(result -> {
                    if (result.error() != Errors.NONE) {
                        return request.getErrorResponse(0, result.error());
                    }
                    known.forEach(partition ->
                            answers.put(partition, result.partitions().get(partition)));
                    return response(answers);
                })
                .thenApply(OffsetDeleteResponse.class::cast);
    }

    private static OffsetDeleteResponse response(Map<TopicPartition, Errors> answers) {
        OffsetDeleteResponse.Builder builder = new OffsetDeleteResponse.Builder();
        answers.forEach((partition, error) -> builder.addPartition(partition.topic(), partition.partition(), error));
        return builder.build();
    }
}
