// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.security;

import io.barnabas.broker.handler.RequestContext;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreateDelegationTokenRequest;
import org.apache.kafka.common.requests.CreateDelegationTokenResponse;
import org.apache.kafka.common.requests.DescribeDelegationTokenResponse;
import org.apache.kafka.common.requests.ExpireDelegationTokenResponse;
import org.apache.kafka.common.requests.RenewDelegationTokenResponse;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** The refusals of the delegation token APIs on a listener that does not authenticate. */
final class DelegationTokenRefusals {
    private static final Errors REFUSED = Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
    private static final long NO_EXPIRY = -1L;

    private DelegationTokenRefusals() {}

    static AbstractResponse refuseCreate(AbstractRequest request, RequestContext context) {
        CreateDelegationTokenRequest create = (CreateDelegationTokenRequest) request;
        String ownerName = create.data().ownerPrincipalName();
        KafkaPrincipal owner = ownerName == null || ownerName.isEmpty()
                ? context.principal()
                : new KafkaPrincipal(create.data().ownerPrincipalType(), ownerName);
        return CreateDelegationTokenResponse.prepareResponse(request.version(), 0, REFUSED, owner, context.principal());
    }

    static AbstractResponse refuseRenew(AbstractRequest request, RequestContext context) {
        return new RenewDelegationTokenResponse(new RenewDelegationTokenResponseData()
                .setErrorCode(REFUSED.code())
                .setExpiryTimestampMs(NO_EXPIRY));
    }

    static AbstractResponse refuseExpire(AbstractRequest request, RequestContext context) {
        return new ExpireDelegationTokenResponse(new ExpireDelegationTokenResponseData()
                .setErrorCode(REFUSED.code())
                .setExpiryTimestampMs(NO_EXPIRY));
    }

    static AbstractResponse refuseDescribe(AbstractRequest request, RequestContext context) {
        return new DescribeDelegationTokenResponse(
                new DescribeDelegationTokenResponseData().setErrorCode(REFUSED.code()));
    }
}
