// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/** Notes what it is asked and leaves the answers to the test. */
public final class RecordingHandler implements RequestHandler<AbstractRequest> {
    final List<AbstractRequest> requests = new CopyOnWriteArrayList<>();
    final List<RequestContext> contexts = new CopyOnWriteArrayList<>();
    public final List<CompletableFuture<AbstractResponse>> answers = new CopyOnWriteArrayList<>();
    private final ApiKeys api;

    public RecordingHandler(ApiKeys api) {
        this.api = api;
    }

    @Override
    public ApiKeys api() {
        return api;
    }

    @Override
    public CompletionStage<AbstractResponse> handle(AbstractRequest request, RequestContext context) {
        requests.add(request);
        contexts.add(context);
        CompletableFuture<AbstractResponse> answer = new CompletableFuture<>();
        answers.add(answer);
        return answer;
    }
}
