// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.TopicImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;

/** Metadata, v0 to v12: the brokers of the client's listener and the topics asked for, from one image. */
final class MetadataHandler implements RequestHandler<MetadataRequest> {
    private static final short TOPIC_IDS_SINCE = 12;
    private static final short TOPIC_OPERATIONS_SINCE = 8;
    private static final short CLUSTER_OPERATIONS_UNTIL = 10;

    private final Supplier<ClusterImage> images;
    private final ClusterConfig config;
    private final TopicAutoCreator creator;

    MetadataHandler(Supplier<ClusterImage> images, ClusterConfig config, TopicAutoCreator creator) {
        this.images = images;
        this.config = config;
        this.creator = creator;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.METADATA;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(MetadataRequest request, RequestContext context) {
        validate(request);
        ClusterImage image = images.get();
        List<MetadataResponseTopic> answers = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>();
        TopicMetadata metadata = new TopicMetadata(image, context.listener(), request.version());
        for (String name : topicNames(request, image, answers)) {
            Optional<TopicImage> topic = image.topic(name);
            if (topic.isPresent()) {
                answers.add(metadata.describe(topic.get()));
            } else {
                missing.add(name);
            }
        }
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(answer(request, context, image, answers));
        }
        return answersForMissing(request, missing).thenApply(forMissing -> {
            answers.addAll(forMissing);
            return answer(request, context, image, answers);
        });
    }

    private static void validate(MetadataRequest request) {
        if (request.isAllTopics() || request.version() >= TOPIC_IDS_SINCE) {
            return;
        }
        for (MetadataRequestTopic topic : request.data().topics()) {
            if (topic.name() == null) {
                throw new InvalidRequestException("Topic name can not be null for version " + request.version());
            }
            if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                throw new InvalidRequestException(
                        "Topic IDs are not supported in requests for version " + request.version());
            }
        }
    }

    /** The names asked for; unknown ids are answered at once. Names count only if there is no id. */
    private static Set<String> topicNames(
            MetadataRequest request, ClusterImage image, List<MetadataResponseTopic> answers) {
        if (request.isAllTopics()) {
            return image.topics().keySet();
        }
        Set<String> names = new LinkedHashSet<>();
        boolean byId = false;
        for (Uuid id : new LinkedHashSet<>(request.topicIds())) {
            if (!id.equals(Uuid.ZERO_UUID)) {
                byId = true;
                Optional<String> name = image.topicName(id);
                name.ifPresentOrElse(names::add, () -> answers.add(failed(Errors.UNKNOWN_TOPIC_ID, null, id)));
            }
        }
        if (!byId) {
            names.addAll(request.topics());
        }
        return names;
    }

    private CompletionStage<List<MetadataResponseTopic>> answersForMissing(
            MetadataRequest request, Set<String> missing) {
        List<MetadataResponseTopic> answers = new ArrayList<>();
        Set<String> valid = new LinkedHashSet<>();
        for (String name : missing) {
            if (isValid(name)) {
                valid.add(name);
            } else {
                answers.add(failed(Errors.INVALID_TOPIC_EXCEPTION, name, Uuid.ZERO_UUID));
            }
        }
        boolean create = config.autoCreateTopics() && request.allowAutoTopicCreation() && !request.isAllTopics();
        CompletionStage<Map<String, Errors>> outcomes =
                create && !valid.isEmpty() ? creator.create(valid) : CompletableFuture.completedFuture(Map.of());
        return outcomes.thenApply(errors -> {
            for (String name : valid) {
                Errors error = errors.getOrDefault(name, Errors.UNKNOWN_TOPIC_OR_PARTITION);
                answers.add(failed(error, name, Uuid.ZERO_UUID));
            }
            return answers;
        });
    }

    private static boolean isValid(String name) {
        try {
            Topic.validate(name);
            return true;
        } catch (InvalidTopicException e) {
            return false;
        }
    }

    private static MetadataResponseTopic failed(Errors error, String name, Uuid id) {
        return new MetadataResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setTopicId(id)
                .setIsInternal(name != null && Topic.isInternal(name))
                .setPartitions(new ArrayList<>());
    }

    private MetadataResponse answer(
            MetadataRequest request, RequestContext context, ClusterImage image, List<MetadataResponseTopic> topics) {
        short version = request.version();
        if (version >= TOPIC_OPERATIONS_SINCE && request.data().includeTopicAuthorizedOperations()) {
            topics.stream()
                    .filter(topic -> topic.name() != null)
                    .forEach(topic -> topic.setTopicAuthorizedOperations(AuthorizedOperations.ALL_OF_TOPIC));
        }
        boolean clusterOperations = version >= TOPIC_OPERATIONS_SINCE
                && version <= CLUSTER_OPERATIONS_UNTIL
                && request.data().includeClusterAuthorizedOperations();
        return MetadataResponse.prepareResponse(
                version,
                0,
                nodes(image, context.listener()),
                config.clusterId(),
                image.controllerId().orElse(MetadataResponse.NO_CONTROLLER_ID),
                topics,
                clusterOperations ? AuthorizedOperations.ALL_OF_CLUSTER : AuthorizedOperations.NOT_ASKED);
    }

    /** The live brokers that have an endpoint of the listener's name. */
    static List<Node> nodes(ClusterImage image, String listener) {
        List<Node> nodes = new ArrayList<>();
        image.brokers().values().forEach(broker -> broker.endpoint(listener)
                .ifPresent(endpoint -> nodes.add(new Node(
                        broker.id(),
                        endpoint.host(),
                        endpoint.port(),
                        broker.rack().orElse(null)))));
        return nodes;
    }
}
