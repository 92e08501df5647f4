// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.coordinator.transaction.TransactionCoordinator;
import io.barnabas.coordinator.transaction.TransactionListing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.ListTransactionsResponse;

/** ListTransactions (KIP-664), v0 and v1 (by duration, KIP-994). */
final class ListTransactionsHandler implements RequestHandler<ListTransactionsRequest> {
    private final TransactionCoordinator coordinator;

    ListTransactionsHandler(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_TRANSACTIONS;
    }

    @Override
    public CompletionStage<ListTransactionsResponse> handle(ListTransactionsRequest request, RequestContext context) {
        ListTransactionsRequestData data = request.data();
        return coordinator
                .listTransactions(new TransactionListing.Filter(
                        new HashSet<>(data.producerIdFilters()),
                        new HashSet<>(data.stateFilters()),
                        data.durationFilter()))
                .thenApply(ListTransactionsHandler::response);
    }

    private static ListTransactionsResponse response(TransactionListing listing) {
        ListTransactionsResponseData data = new ListTransactionsResponseData()
                .setErrorCode(listing.error().code())
                .setUnknownStateFilters(new ArrayList<>(listing.unknownStates()));
        listing.transactions().forEach(listed -> data.transactionStates()
                .add(new TransactionState()
                        .setTransactionalId(listed.transactionalId())
                        .setProducerId(listed.producerId())
                        .setTransactionState(listed.state())));
        return new ListTransactionsResponse(data);
    }
}
