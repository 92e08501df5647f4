// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.broker.peer.Peer;
import io.barnabas.broker.peer.PeerClient;
import io.barnabas.broker.peer.PeerConnection;
import io.barnabas.broker.peer.PeerListener;
import io.barnabas.broker.peer.PeerPurpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/** Keeps what is sent until the test answers it. */
final class FakePeers implements PeerClient {
    private final List<AbstractRequest> sent = new ArrayList<>();
    private final List<CompletableFuture<AbstractResponse>> answers = new ArrayList<>();

    /** The requests so far. */
    List<AbstractRequest> sent() {
        return sent;
    }

    void answer(int index, AbstractResponse response) {
        answers.get(index).complete(response);
    }

    void fail(int index) {
        answers.get(index).completeExceptionally(new DisconnectException("gone"));
    }

    @Override
    public CompletableFuture<AbstractResponse> send(Peer peer, PeerPurpose purpose, AbstractRequest request) {
        sent.add(request);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    }

    @Override
    public PeerConnection connection(Peer peer, PeerPurpose purpose, int lane, Duration requestTimeout) {
        throw new IllegalStateException("only single requests are sent");
    }

    @Override
    public void addListener(PeerListener listener) {
        throw new IllegalStateException("nobody listens");
    }

    @Override
    public void close() {}
}
