// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/** WriteTxnMarkers, v0 and v1: a transaction coordinator ends transactions on partitions led here. */
final class WriteTxnMarkersHandler implements RequestHandler<WriteTxnMarkersRequest> {
    private final LocalMarkers markers;

    WriteTxnMarkersHandler(LocalMarkers markers) {
        this.markers = markers;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.WRITE_TXN_MARKERS;
    }

    @Override
    public boolean keepsBytes() {
        return false;
    }

    @Override
    public CompletionStage<WriteTxnMarkersResponse> handle(WriteTxnMarkersRequest request, RequestContext context) {
        List<TxnMarkerEntry> entries = request.markers();
        List<CompletableFuture<Map<TopicPartition, Errors>>> written = new ArrayList<>(entries.size());
        entries.forEach(entry -> written.add(markers.write(entry)));
        return CompletableFuture.allOf(written.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    Map<Long, Map<TopicPartition, Errors>> errors = new HashMap<>();
                    for (int i = 0; i < entries.size(); i++) {
                        errors.computeIfAbsent(entries.get(i).producerId(), id -> new HashMap<>())
                                .putAll(written.get(i).join());
                    }
                    return new WriteTxnMarkersResponse(errors);
                });
    }
}
