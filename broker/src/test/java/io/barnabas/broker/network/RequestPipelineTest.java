// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.handler.Authorization;
import io.barnabas.broker.handler.CompletedRequest;
import io.barnabas.broker.handler.RequestQuotas;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.meter.Meters;
import io.netty.buffer.ByteBuf;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.junit.jupiter.api.Test;

class RequestPipelineTest {
    private static final int THROTTLE_MS = 200;

    private final RecordingHandler metadata = new RecordingHandler(ApiKeys.METADATA);
    private final RecordingHandler reassign = new RecordingHandler(ApiKeys.ALTER_PARTITION_REASSIGNMENTS);
    private final List<CompletedRequest> counted = new ArrayList<>();
    private final List<AclOperation> asked = new ArrayList<>();

    private Client client(Authorization authorization, RequestQuotas quotas) {
        RequestServices services = new RequestServices(
                () -> ClusterImage.EMPTY, InstantSource.system(), authorization, quotas, EventSink.NONE, Meters.NONE);
        return new Client(Client.pipeline(services, metadata, reassign));
    }

    private int throttle(CompletedRequest completed) {
        counted.add(completed);
        return THROTTLE_MS;
    }

    private List<AuthorizationResult> deny(List<Action> actions) {
        actions.forEach(action -> asked.add(action.operation()));
        return actions.stream().map(action -> AuthorizationResult.DENIED).toList();
    }

    private void answerMetadata(int index) {
        metadata.answers.get(index).complete(new MetadataResponse(new MetadataResponseData(), (short) 9));
    }

    @Test
    void aClientOverItsQuotaIsAnsweredAtOnceAndThenNotReadForAsLongAsItIsTold() {
        Client client = client(Authorization.NONE, this::throttle);
        ByteBuf frame = Requests.frame(Requests.metadata(), 1);
        int bytes = frame.readableBytes() - Integer.BYTES;
        client.send(frame);
        answerMetadata(0);

        List<ByteBuf> frames = client.frames();
        assertThat(frames).hasSize(1);
        assertThat(Requests.parse(frames.get(0), ApiKeys.METADATA, (short) 9, 1).throttleTimeMs())
                .isEqualTo(THROTTLE_MS);
        assertThat(counted).hasSize(1);
        assertThat(counted.get(0).requestBytes()).isEqualTo(bytes);
        assertThat(counted.get(0).context().principal()).isEqualTo(KafkaPrincipal.ANONYMOUS);
        assertThat(client.channel.config().isAutoRead()).isFalse();

        client.channel.advanceTimeBy(THROTTLE_MS - 1, TimeUnit.MILLISECONDS);
        client.channel.runScheduledPendingTasks();
        assertThat(client.channel.config().isAutoRead()).isFalse();
        client.channel.advanceTimeBy(2, TimeUnit.MILLISECONDS);
        client.channel.runScheduledPendingTasks();
        assertThat(client.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void aRequestThatNeedsMoreThanItsClientMayIsRefusedBeforeItsHandler() {
        Client client = client((context, actions) -> deny(actions), RequestQuotas.UNLIMITED);
        client.send(Requests.frame(
                new AlterPartitionReassignmentsRequest.Builder(new AlterPartitionReassignmentsRequestData())
                        .build((short) 0),
                1));

        assertThat(reassign.requests).isEmpty();
        assertThat(asked).containsExactly(AclOperation.ALTER);
        List<ByteBuf> frames = client.frames();
        assertThat(frames).hasSize(1);
        assertThat(Requests.parse(frames.get(0), ApiKeys.ALTER_PARTITION_REASSIGNMENTS, (short) 0, 1)
                        .errorCounts())
                .containsOnlyKeys(Errors.CLUSTER_AUTHORIZATION_FAILED);
    }

    @Test
    void whatDependsOnTheResourcesNamedIsLeftToTheHandler() {
        Client client = client((context, actions) -> deny(actions), RequestQuotas.UNLIMITED);
        client.send(Requests.frame(Requests.metadata(), 1));

        assertThat(metadata.requests).hasSize(1);
        assertThat(asked).isEmpty();
        answerMetadata(0);
    }
}
