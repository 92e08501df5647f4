// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.PartitionImage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/** FindCoordinator, v0 to v6 (batched from v4): who leads the partition of a group or a transactional id. */
final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequest> {
    private static final short SHARE_COORDINATORS = 6;

    private final GroupHandlers.Environment environment;

    FindCoordinatorHandler(GroupHandlers.Environment environment) {
        this.environment = environment;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<FindCoordinatorResponse> handle(FindCoordinatorRequest request, RequestContext context) {
        CoordinatorType type = CoordinatorType.forId(request.data().keyType());
        FindCoordinatorResponse response = request.version() < FindCoordinatorRequest.MIN_BATCHED_VERSION
                ? single(type, request.data().key(), context)
                : batched(type, request.data().coordinatorKeys(), context);
        return CompletableFuture.completedFuture(response);
    }

    private FindCoordinatorResponse single(CoordinatorType type, String key, RequestContext context) {
        Found found = find(type, key, context);
        return FindCoordinatorResponse.prepareOldResponse(found.error(), found.node());
    }

    private FindCoordinatorResponse batched(CoordinatorType type, List<String> keys, RequestContext context) {
        List<Coordinator> coordinators = keys.stream()
                .map(key -> {
                    Found found = find(type, key, context);
                    return new Coordinator()
                            .setKey(key)
                            .setErrorCode(found.error().code())
                            .setNodeId(found.node().id())
                            .setHost(found.node().host())
                            .setPort(found.node().port());
                })
                .toList();
        return new FindCoordinatorResponse(new FindCoordinatorResponseData().setCoordinators(coordinators));
    }

    private record Found(Errors error, Node node) {
        static Found failed(Errors error) {
            return new Found(error, Node.noNode());
        }
    }

    private Found find(CoordinatorType type, String key, RequestContext context) {
        return switch (type) {
            case GROUP ->
                find(Topic.GROUP_METADATA_TOPIC_NAME, environment.coordinator().partitionFor(key), context.listener());
            case TRANSACTION ->
                find(
                        Topic.TRANSACTION_STATE_TOPIC_NAME,
                        environment.transactionPartition().applyAsInt(key),
                        context.listener());
            case SHARE ->
                Found.failed(
                        context.apiVersion() >= SHARE_COORDINATORS && isSharePartition(key)
                                ? Errors.COORDINATOR_NOT_AVAILABLE
                                : Errors.INVALID_REQUEST);
        };
    }

    /** Share groups (KIP-932) have no coordinator in ZooKeeper mode; their keys are {@code group:topic id:partition}. */
    private static boolean isSharePartition(String key) {
        String[] parts = key.split(":", -1);
        try {
            return parts.length == 3
                    && !parts[0].isEmpty()
                    && Uuid.fromString(parts[1]) != null
                    && Integer.parseInt(parts[2]) >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Found find(String topic, int partition, String listener) {
        ClusterImage image = environment.images().get();
        if (image.topic(topic).isEmpty()) {
            environment.topics().create(topic);
            return Found.failed(Errors.COORDINATOR_NOT_AVAILABLE);
        }
        Optional<PartitionImage> coordinated = image.partition(new TopicPartition(topic, partition));
        return coordinated
                .filter(found -> found.leaderAndIsr().hasLeader())
                .flatMap(found -> node(image, found.leader(), listener))
                .map(node -> new Found(Errors.NONE, node))
                .orElseGet(() -> Found.failed(Errors.COORDINATOR_NOT_AVAILABLE));
    }

    private static Optional<Node> node(ClusterImage image, int brokerId, String listener) {
        return image.broker(brokerId).flatMap(broker -> {
            Optional<Endpoint> endpoint = broker.endpoint(listener);
            return endpoint.map(found ->
                    new Node(brokerId, found.host(), found.port(), broker.rack().orElse(null)));
        });
    }
}
