// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.coordination.cluster.TopicImage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** Brokers 1 and 2 have the client's listener, broker 3 has another, broker 4 is gone. */
class MetadataHandlerTest {
    private static final Uuid ID = new Uuid(1, 2);

    private final Map<String, Errors> creationOutcomes = new HashMap<>();
    private final Set<String> created = new HashSet<>();
    private boolean autoCreate = true;

    private static BrokerInfo broker(int id, String listener) {
        Endpoint endpoint = new Endpoint(listener, SecurityProtocol.PLAINTEXT, "host" + id, 9090 + id);
        return new BrokerInfo(id, 0, List.of(endpoint), id == 1 ? Optional.of("rack") : Optional.empty());
    }

    private static ClusterImage image(int leader, Integer... replicas) {
        List<Integer> all = List.of(replicas);
        LeaderAndIsr state = new LeaderAndIsr(leader, 5, all, LeaderRecoveryState.RECOVERED, 9);
        PartitionImage partition = new PartitionImage(0, 1, state, all, List.of());
        return new ClusterImage(
                OptionalInt.of(2),
                Map.of(1, broker(1, "PLAINTEXT"), 2, broker(2, "PLAINTEXT"), 3, broker(3, "OTHER")),
                Map.of("t", new TopicImage("t", ID, Map.of(0, partition))));
    }

    private MetadataResponseData ask(ClusterImage image, MetadataRequestData data, int version) {
        ClusterConfig config = new ClusterConfig("cluster", 1, autoCreate, RecordVersion.V2, true, false);
        MetadataHandler handler = new MetadataHandler(() -> image, config, topics -> {
            created.addAll(topics);
            return CompletableFuture.completedFuture(creationOutcomes);
        });
        MetadataRequest request = new MetadataRequest(data, (short) version);
        return ((MetadataResponse) handler.handle(request, Contexts.of(request))
                        .toCompletableFuture()
                        .join())
                .data();
    }

    private static MetadataRequestData named(String... topics) {
        return new MetadataRequestData().setTopics(MetadataRequest.convertToMetadataRequestTopic(List.of(topics)));
    }

    private static MetadataResponsePartition partition(MetadataResponseData answer) {
        return answer.topics().find("t").partitions().get(0);
    }

    @Test
    void tellsTheBrokersOfTheClientsListener() {
        MetadataResponseData answer = ask(image(1, 1, 2), named(), 12);
        assertThat(answer.brokers()).extracting(MetadataResponseBroker::nodeId).containsExactlyInAnyOrder(1, 2);
        assertThat(answer.brokers().find(1).host()).isEqualTo("host1");
        assertThat(answer.brokers().find(1).rack()).isEqualTo("rack");
        assertThat(answer.controllerId()).isEqualTo(2);
        assertThat(answer.clusterId()).isEqualTo("cluster");
        assertThat(answer.topics()).isEmpty();
    }

    @Test
    void noTopicsMeansAllInVersionZeroAndNoneLater() {
        assertThat(ask(image(1, 1), named(), 0).topics()).hasSize(1);
        assertThat(ask(image(1, 1), named(), 1).topics()).isEmpty();
        assertThat(ask(image(1, 1), new MetadataRequestData().setTopics(null), 1)
                        .topics())
                .hasSize(1);
    }

    @Test
    void describesAPartition() {
        MetadataResponsePartition partition = partition(ask(image(2, 1, 2, 4), named("t"), 12));
        assertThat(partition.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(partition.leaderId()).isEqualTo(2);
        assertThat(partition.leaderEpoch()).isEqualTo(5);
        assertThat(partition.replicaNodes()).containsExactly(1, 2, 4);
    }

    @Test
    void versionZeroHidesReplicasThatCannotBeReached() {
        MetadataResponsePartition partition = partition(ask(image(1, 1, 3, 4), named("t"), 0));
        assertThat(partition.errorCode()).isEqualTo(Errors.REPLICA_NOT_AVAILABLE.code());
        assertThat(partition.leaderId()).isEqualTo(1);
        assertThat(partition.replicaNodes()).containsExactly(1);
    }

    @Test
    void leaderThatIsGoneOrHasNotTheListenerIsAnError() {
        assertThat(partition(ask(image(4, 1, 4), named("t"), 12)).errorCode())
                .isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(partition(ask(image(3, 1, 3), named("t"), 6)).errorCode())
                .isEqualTo(Errors.LISTENER_NOT_FOUND.code());
        assertThat(partition(ask(image(3, 1, 3), named("t"), 5)).errorCode())
                .isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(partition(ask(image(3, 1, 3), named("t"), 5)).leaderId()).isEqualTo(-1);
    }

    @Test
    void findsTopicsByIdAndSaysWhichIdsAreUnknown() {
        Uuid unknown = new Uuid(8, 8);
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(List.of(
                        new MetadataRequestTopic().setTopicId(ID).setName(null),
                        new MetadataRequestTopic().setTopicId(unknown).setName(null)));
        MetadataResponseData answer = ask(image(1, 1), request, 12);
        assertThat(answer.topics()).extracting(MetadataResponseTopic::topicId).containsExactlyInAnyOrder(unknown, ID);
        assertThat(answer.topics())
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactlyInAnyOrder(Errors.UNKNOWN_TOPIC_ID.code(), Errors.NONE.code());
    }

    @Test
    void idsAndMissingNamesAreInvalidBeforeVersionTwelve() {
        MetadataRequestData byId = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setTopicId(ID).setName("t")));
        assertThatThrownBy(() -> ask(image(1, 1), byId, 11)).isInstanceOf(InvalidRequestException.class);
        MetadataRequestData unnamed =
                new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(null)));
        assertThatThrownBy(() -> ask(image(1, 1), unnamed, 10)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void missingTopicIsCreatedWhereAllowedAndAnsweredWithWhatBecameOfIt() {
        creationOutcomes.put("new", Errors.LEADER_NOT_AVAILABLE);
        MetadataResponseData answer = ask(image(1, 1), named("new", "not valid!"), 4);
        assertThat(created).containsExactly("new");
        assertThat(answer.topics().find("new").errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(answer.topics().find("not valid!").errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void missingTopicIsNotCreatedWhereTheBrokerOrTheClientForbids() {
        MetadataResponseData answer = ask(image(1, 1), named("new").setAllowAutoTopicCreation(false), 4);
        assertThat(answer.topics().find("new").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        autoCreate = false;
        answer = ask(image(1, 1), named("new"), 4);
        assertThat(answer.topics().find("new").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(created).isEmpty();
    }

    @Test
    void authorizedOperationsAreAllWithoutAnAuthorizerAndOnlyIfAsked() {
        MetadataResponseData asked = ask(
                image(1, 1),
                named("t").setIncludeTopicAuthorizedOperations(true).setIncludeClusterAuthorizedOperations(true),
                9);
        assertThat(asked.topics().find("t").topicAuthorizedOperations()).isEqualTo(AuthorizedOperations.ALL_OF_TOPIC);
        assertThat(asked.clusterAuthorizedOperations()).isEqualTo(AuthorizedOperations.ALL_OF_CLUSTER);
        MetadataResponseData notAsked = ask(image(1, 1), named("t"), 9);
        assertThat(notAsked.topics().find("t").topicAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        assertThat(notAsked.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
    }
}
