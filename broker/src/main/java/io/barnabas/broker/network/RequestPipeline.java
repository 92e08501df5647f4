// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.handler.CompletedRequest;
import io.barnabas.broker.handler.RequestAuthorization;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestQuotas;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.meter.MeterName;
import io.barnabas.coordination.meter.Meters;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * What a request passes through between its connection's two ends: whether it may be asked at all, its handler, and the
 * quotas of whoever asked. Immutable; called on event loops.
 */
public final class RequestPipeline {
    private static final MeterName REQUESTS_PER_SEC = MeterName.of("kafka.network", "RequestMetrics", "RequestsPerSec");

    private final HandlerRegistry handlers;
    private final RequestAuthorization authorization;
    private final RequestQuotas quotas;
    private final EventSink events;
    private final Map<ApiKeys, Meters.Meter> requests = new EnumMap<>(ApiKeys.class);

    /**
     * @param handlers by request API
     * @param services what decides before and after a handler
     */
    public RequestPipeline(HandlerRegistry handlers, RequestServices services) {
        this.handlers = handlers;
        this.authorization = new RequestAuthorization(services.authorization());
        this.quotas = services.quotas();
        this.events = services.events();
        for (ApiKeys api : handlers.apis()) {
            requests.put(api, services.meters().meter(REQUESTS_PER_SEC.with("request", api.name)));
        }
    }

    /** Where decisions of the network are told. */
    EventSink events() {
        return events;
    }

    /** The handler of an API; empty if nobody answers it. */
    Optional<RequestHandler<AbstractRequest>> handler(ApiKeys api) {
        return handlers.handler(api);
    }

    /**
     * Gives a request to its handler, unless its client may not ask it.
     *
     * @return the answer to come, completed with null if there is none to send
     */
    CompletionStage<? extends AbstractResponse> start(RequestHandler<AbstractRequest> handler, PendingRequest request) {
        requests.get(handler.api()).mark(1);
        Optional<AbstractResponse> refusal = authorization.refusal(request.request(), request.context());
        return refusal.isPresent()
                ? CompletableFuture.completedFuture(refusal.get())
                : handler.handle(request.request(), request.context());
    }

    /**
     * Counts a finished request and tells its client, in the answer, how long it is held back.
     *
     * @return how long in ms, 0 for not at all
     */
    int throttle(PendingRequest request) {
        if (quotas == RequestQuotas.UNLIMITED) {
            return 0;
        }
        Optional<AbstractResponse> response = Optional.ofNullable(request.response());
        int ms = quotas.throttleMs(
                new CompletedRequest(request.request(), request.context(), request.frameBytes(), response));
        if (ms > 0) {
            response.ifPresent(answer -> answer.maybeSetThrottleTimeMs(ms));
        }
        return ms;
    }
}
