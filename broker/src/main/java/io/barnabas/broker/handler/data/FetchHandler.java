// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.session.FetchContext;
import io.barnabas.replica.session.FetchSessionCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.replica.ClientMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * Fetch (API 1), from consumers and followers. The request's session decides what is asked, the replica manager what is
 * read, and the session again what of it is told.
 */
public final class FetchHandler implements RequestHandler<FetchRequest> {
    private static final short TOPIC_IDS = 13;
    private static final short CLIENT_METADATA = 11;

    private final ReplicaManager replicas;
    private final FetchSessionCache sessions;
    private final Supplier<ClusterImage> clusterImage;
    private final IntSupplier maxBytes;
    private final Executor longWork;
    private final FetchResponses responses;

    /**
     * @param maxBytes {@code fetch.max.bytes}: the most one fetch of a client is answered with
     * @param longWork where records are converted for old clients
     */
    FetchHandler(
            ReplicaManager replicas,
            FetchSessionCache sessions,
            Supplier<ClusterImage> clusterImage,
            IntSupplier maxBytes,
            Executor longWork) {
        this.replicas = replicas;
        this.sessions = sessions;
        this.clusterImage = clusterImage;
        this.maxBytes = maxBytes;
        this.longWork = longWork;
        this.responses = new FetchResponses(replicas, new CurrentLeaders(replicas, clusterImage));
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.FETCH;
    }

    @Override
    public CompletionStage<FetchResponse> handle(FetchRequest request, RequestContext context) {
        ClusterImage image = clusterImage.get();
        boolean follower = request.isFromFollower();
        Function<Uuid, String> names = id ->
                image.topicName(id).or(() -> replicas.topicNameInOrders(id)).orElse(null);
        FetchContext session = sessions.contextOf(sessionRequest(request, context.apiVersion(), names), names);
        if (session.error() != Errors.NONE) {
            return CompletableFuture.completedFuture(responses.of(session, List.of(), request, context));
        }
        List<FetchResult> refused = new ArrayList<>(0);
        List<FetchCommand.Partition> readable = readable(
                session.partitions(), name -> follower || image.contains(name) || replicas.isOrdered(name), refused);
        if (readable.isEmpty()) {
            return CompletableFuture.completedFuture(responses.of(session, refused, request, context));
        }
        Function<List<FetchResult>, FetchResponse> answer = results -> {
            List<FetchResult> all = results;
            if (!refused.isEmpty()) {
                all = new ArrayList<>(results);
                all.addAll(refused);
            }
            return responses.of(session, all, request, context);
        };
        CompletableFuture<List<FetchResult>> read =
                replicas.fetch(command(request, context, readable), context.executor());
        return DownConversion.mayConvert(context.apiVersion())
                ? read.thenApplyAsync(answer, longWork)
                : read.thenApply(answer);
    }

    /**
     * The partitions to read; those whose topic is not known go to {@code refused}, unknown ids before unknown names.
     *
     * @param known whether the metadata or the controller's order has told of a partition; a follower's are all known,
     *     as the replica manager judges them itself
     */
    private static List<FetchCommand.Partition> readable(
            List<FetchCommand.Partition> asked, Predicate<TopicPartition> known, List<FetchResult> refused) {
        List<FetchCommand.Partition> readable = new ArrayList<>(asked.size());
        List<FetchResult> unknownNames = new ArrayList<>(0);
        for (FetchCommand.Partition partition : asked) {
            TopicIdPartition name = partition.topicIdPartition();
            if (name.topic() == null) {
                refused.add(FetchResult.unknown(name, Errors.UNKNOWN_TOPIC_ID));
            } else if (!known.test(name.topicPartition())) {
                unknownNames.add(FetchResult.unknown(name, Errors.UNKNOWN_TOPIC_OR_PARTITION));
            } else {
                readable.add(partition);
            }
        }
        refused.addAll(unknownNames);
        return readable;
    }

    private static FetchSessionCache.Request sessionRequest(
            FetchRequest request, short version, Function<Uuid, String> names) {
        FetchRequestData data = request.data();
        boolean byId = version >= TOPIC_IDS;
        List<FetchCommand.Partition> partitions = new ArrayList<>();
        for (FetchRequestData.FetchTopic topic : data.topics()) {
            String name = byId ? names.apply(topic.topicId()) : topic.topic();
            for (FetchRequestData.FetchPartition partition : topic.partitions()) {
                partitions.add(new FetchCommand.Partition(
                        new TopicIdPartition(topic.topicId(), partition.partition(), name),
                        partition.fetchOffset(),
                        partition.logStartOffset(),
                        partition.partitionMaxBytes(),
                        partition.currentLeaderEpoch(),
                        partition.lastFetchedEpoch()));
            }
        }
        List<TopicIdPartition> forgotten = new ArrayList<>(0);
        for (FetchRequestData.ForgottenTopic topic : data.forgottenTopicsData()) {
            String name = byId ? names.apply(topic.topicId()) : topic.topic();
            topic.partitions().forEach(index -> forgotten.add(new TopicIdPartition(topic.topicId(), index, name)));
        }
        return new FetchSessionCache.Request(
                data.sessionId(), data.sessionEpoch(), byId, request.isFromFollower(), partitions, forgotten);
    }

    private FetchCommand command(
            FetchRequest request, RequestContext context, List<FetchCommand.Partition> partitions) {
        int most = Math.min(request.maxBytes(), maxBytes.getAsInt());
        return new FetchCommand(
                context.apiVersion(),
                request.replicaId(),
                request.replicaEpoch(),
                request.maxWait(),
                Math.min(request.minBytes(), most),
                most,
                isolation(request),
                clientMetadata(request, context),
                partitions);
    }

    private static FetchIsolation isolation(FetchRequest request) {
        if (!FetchRequest.isConsumer(request.replicaId())) {
            return FetchIsolation.LOG_END;
        }
        return request.isolationLevel() == IsolationLevel.READ_COMMITTED
                ? FetchIsolation.TXN_COMMITTED
                : FetchIsolation.HIGH_WATERMARK;
    }

    private static Optional<ClientMetadata> clientMetadata(FetchRequest request, RequestContext context) {
        return context.apiVersion() < CLIENT_METADATA
                ? Optional.empty()
                : Optional.of(new ClientMetadata.DefaultClientMetadata(
                        request.rackId(),
                        context.clientId(),
                        context.clientAddress(),
                        context.principal(),
                        context.listener()));
    }
}
