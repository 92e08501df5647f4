// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.handler.ConnectionClosedByHandlerException;
import io.barnabas.broker.handler.cluster.Contexts;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AbsentFeaturesTest {
    /** The least a client can ask at a version. */
    private static AbstractRequest emptyRequest(ApiKeys api, short version) {
        ApiMessage message = ApiMessageType.fromApiKey(api.id).newRequest();
        if (message instanceof DescribeAclsRequestData acls) {
            acls.setResourceTypeFilter((byte) 1).setOperation((byte) 1).setPermissionType((byte) 1);
        }
        ByteBuffer body = MessageUtil.toByteBuffer(message, version);
        return AbstractRequest.parseRequest(api, version, body).request;
    }

    static Stream<Arguments> answered() {
        return AbsentFeatures.all().stream()
                .filter(handler -> handler.api() != ApiKeys.ENVELOPE)
                .sorted(Comparator.comparing(AbsentFeatures::api))
                .flatMap(handler -> handler.api().allVersions().stream()
                        .filter(version -> handler.api().isVersionEnabled(version, false))
                        .map(version -> Arguments.of(handler.api(), version)));
    }

    private static AbsentFeatures handler(ApiKeys api) {
        return AbsentFeatures.all().stream()
                .filter(handler -> handler.api() == api)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesNoCredentialsWhenAskedForThoseOfAllUsers() {
        AbstractRequest request = AbstractRequest.parseRequest(
                        ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        (short) 0,
                        MessageUtil.toByteBuffer(
                                new DescribeUserScramCredentialsRequestData().setUsers(null), (short) 0))
                .request;

        AbstractResponse answer = handler(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS)
                .handle(request, Contexts.of(request))
                .toCompletableFuture()
                .join();

        assertThat(((DescribeUserScramCredentialsResponse) answer).data().results())
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} v{1}")
    @MethodSource("answered")
    void isAnsweredAtEveryVersion(ApiKeys api, short version) {
        AbstractRequest request = emptyRequest(api, version);
        AbstractResponse answer = handler(api)
                .handle(request, Contexts.of(request))
                .toCompletableFuture()
                .join();

        ByteBuffer bytes = MessageUtil.toByteBuffer(answer.data(), version);
        AbstractResponse read = AbstractResponse.parseResponse(api, bytes, version);
        assertThat(read.data()).isEqualTo(answer.data());
    }

    private static Map<Errors, Integer> errors(ApiKeys api) {
        AbstractRequest request = emptyRequest(api, api.latestVersion());
        return handler(api)
                .handle(request, Contexts.of(request))
                .toCompletableFuture()
                .join()
                .errorCounts();
    }

    @Test
    void errorsAreThoseOfABrokerNotSetUpForIt() {
        assertThat(errors(ApiKeys.SASL_HANDSHAKE)).containsOnlyKeys(Errors.ILLEGAL_SASL_STATE);
        assertThat(errors(ApiKeys.SASL_AUTHENTICATE)).containsOnlyKeys(Errors.ILLEGAL_SASL_STATE);
        assertThat(errors(ApiKeys.DESCRIBE_ACLS)).containsOnlyKeys(Errors.SECURITY_DISABLED);
        for (ApiKeys api : Arrays.asList(
                ApiKeys.CREATE_DELEGATION_TOKEN,
                ApiKeys.RENEW_DELEGATION_TOKEN,
                ApiKeys.EXPIRE_DELEGATION_TOKEN,
                ApiKeys.DESCRIBE_DELEGATION_TOKEN)) {
            assertThat(errors(api)).containsOnlyKeys(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
        }
        assertThat(errors(ApiKeys.CONSUMER_GROUP_HEARTBEAT)).containsOnlyKeys(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void envelopeClosesTheConnection() {
        AbstractRequest request = emptyRequest(ApiKeys.LIST_TRANSACTIONS, (short) 0);
        assertThatThrownBy(() -> handler(ApiKeys.ENVELOPE).handle(request, Contexts.of(request)))
                .isInstanceOf(ConnectionClosedByHandlerException.class);
    }
}
