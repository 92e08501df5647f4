// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.security;

import io.barnabas.broker.handler.ConnectionClosedByHandlerException;
import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeAclsResponse;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsRequest;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;
import org.apache.kafka.common.requests.SaslAuthenticateResponse;
import org.apache.kafka.common.requests.SaslHandshakeResponse;

/**
 * The API of a feature this broker does not have, answered as a Kafka broker answers on which it is not configured.
 */
public final class AbsentFeatures implements RequestHandler<AbstractRequest> {
    private final ApiKeys api;
    private final BiFunction<AbstractRequest, RequestContext, AbstractResponse> answer;

    private AbsentFeatures(ApiKeys api, BiFunction<AbstractRequest, RequestContext, AbstractResponse> answer) {
        this.api = api;
        this.answer = answer;
    }

    /** All of them. */
    public static List<AbsentFeatures> all() {
        return List.of(
                // SASL: on a PLAINTEXT listener there is no handshake to be in
                new AbsentFeatures(ApiKeys.SASL_HANDSHAKE, AbsentFeatures::noHandshake),
                new AbsentFeatures(ApiKeys.SASL_AUTHENTICATE, AbsentFeatures::noAuthentication),
                // authorizer
                new AbsentFeatures(ApiKeys.DESCRIBE_ACLS, AbsentFeatures::noAcls),
                failing(ApiKeys.CREATE_ACLS, new SecurityDisabledException("No Authorizer is configured.")),
                failing(ApiKeys.DELETE_ACLS, new SecurityDisabledException("No Authorizer is configured.")),
                // delegation tokens: never given to somebody who did not authenticate
                new AbsentFeatures(ApiKeys.CREATE_DELEGATION_TOKEN, DelegationTokenRefusals::refuseCreate),
                new AbsentFeatures(ApiKeys.RENEW_DELEGATION_TOKEN, DelegationTokenRefusals::refuseRenew),
                new AbsentFeatures(ApiKeys.EXPIRE_DELEGATION_TOKEN, DelegationTokenRefusals::refuseExpire),
                new AbsentFeatures(ApiKeys.DESCRIBE_DELEGATION_TOKEN, DelegationTokenRefusals::refuseDescribe),
                // quotas and SCRAM credentials
                failing(ApiKeys.DESCRIBE_CLIENT_QUOTAS, unsupported("client quotas")),
                failing(ApiKeys.ALTER_CLIENT_QUOTAS, unsupported("client quotas")),
                new AbsentFeatures(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, AbsentFeatures::noCredentials),
                failing(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, unsupported("SCRAM credentials")),
                // forwarding, which Kafka has only on the way to KRaft
                new AbsentFeatures(ApiKeys.ENVELOPE, AbsentFeatures::closeForEnvelope),
                // the newer group protocol (KIP-848), which Kafka 3.9 has only with KRaft
                failing(ApiKeys.CONSUMER_GROUP_HEARTBEAT, Errors.UNSUPPORTED_VERSION.exception()),
                failing(ApiKeys.CONSUMER_GROUP_DESCRIBE, Errors.UNSUPPORTED_VERSION.exception()));
    }

    private static AbsentFeatures failing(ApiKeys api, ApiException error) {
        return new AbsentFeatures(api, (request, context) -> request.getErrorResponse(0, error));
    }

    private static ApiException unsupported(String what) {
        return new UnsupportedVersionException("This broker does not manage " + what + ".");
    }

    @Override
    public ApiKeys api() {
        return api;
    }

    @Override
    public CompletionStage<? extends AbstractResponse> handle(AbstractRequest request, RequestContext context) {
        return CompletableFuture.completedFuture(answer.apply(request, context));
    }

    private static AbstractResponse noHandshake(AbstractRequest request, RequestContext context) {
        return new SaslHandshakeResponse(
                new SaslHandshakeResponseData().setErrorCode(Errors.ILLEGAL_SASL_STATE.code()));
    }

    private static AbstractResponse noAuthentication(AbstractRequest request, RequestContext context) {
        return new SaslAuthenticateResponse(new SaslAuthenticateResponseData()
                .setErrorCode(Errors.ILLEGAL_SASL_STATE.code())
                .setErrorMessage("SaslAuthenticate request received after successful authentication"));
    }

    private static AbstractResponse noAcls(AbstractRequest request, RequestContext context) {
        return new DescribeAclsResponse(
                new DescribeAclsResponseData()
                        .setErrorCode(Errors.SECURITY_DISABLED.code())
                        .setErrorMessage("No Authorizer is configured on the broker"),
                request.version());
    }

    /** Asked for all users there are none to name; Kafka's own error answer does not know of that question. */
    private static AbstractResponse noCredentials(AbstractRequest request, RequestContext context) {
        return ((DescribeUserScramCredentialsRequest) request).data().users() == null
                ? new DescribeUserScramCredentialsResponse(new DescribeUserScramCredentialsResponseData())
                : request.getErrorResponse(0, unsupported("SCRAM credentials"));
    }

    private static AbstractResponse closeForEnvelope(AbstractRequest request, RequestContext context) {
        throw new ConnectionClosedByHandlerException(
                "it sent an Envelope request even though forwarding has not been enabled");
    }
}
