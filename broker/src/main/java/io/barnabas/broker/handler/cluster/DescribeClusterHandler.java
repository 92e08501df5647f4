// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.EndpointType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.MetadataResponse;

/** DescribeCluster (KIP-700), v0 and v1: the cluster's id, its controller, and the brokers of the client's listener. */
final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequest> {
    private final Supplier<ClusterImage> images;
    private final String clusterId;

    DescribeClusterHandler(Supplier<ClusterImage> images, String clusterId) {
        this.images = images;
        this.clusterId = clusterId;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<AbstractResponse> handle(DescribeClusterRequest request, RequestContext context) {
        EndpointType wanted = EndpointType.fromId(request.data().endpointType());
        DescribeClusterResponseData answer =
                switch (wanted) {
                    case BROKER -> describe(request, context);
                    case UNKNOWN ->
                        refuse(request, Errors.UNSUPPORTED_ENDPOINT_TYPE)
                                .setErrorMessage("Unsupported endpoint type "
                                        + request.data().endpointType());
                    case CONTROLLER ->
                        refuse(request, Errors.MISMATCHED_ENDPOINT_TYPE)
                                .setErrorMessage("The request was sent to an endpoint of type " + EndpointType.BROKER
                                        + ", but we wanted an endpoint of type " + wanted);
                };
        return CompletableFuture.completedFuture(new DescribeClusterResponse(answer));
    }

    private static DescribeClusterResponseData refuse(DescribeClusterRequest request, Errors error) {
        return new DescribeClusterResponseData()
                .setErrorCode((request.version() == 0 ? Errors.INVALID_REQUEST : error).code());
    }

    private DescribeClusterResponseData describe(DescribeClusterRequest request, RequestContext context) {
        ClusterImage image = images.get();
        DescribeClusterResponseData answer = new DescribeClusterResponseData()
                .setClusterId(clusterId)
                .setControllerId(image.controllerId().orElse(MetadataResponse.NO_CONTROLLER_ID))
                .setEndpointType(EndpointType.BROKER.id())
                .setClusterAuthorizedOperations(
                        request.data().includeClusterAuthorizedOperations()
                                ? AuthorizedOperations.ALL_OF_CLUSTER
                                : AuthorizedOperations.NOT_ASKED);
        for (Node node : MetadataHandler.nodes(image, context.listener())) {
            answer.brokers()
                    .add(new DescribeClusterBroker()
                            .setBrokerId(node.id())
                            .setHost(node.host())
                            .setPort(node.port())
                            .setRack(node.rack()));
        }
        return answer;
    }
}
