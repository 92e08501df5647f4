// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.broker.protocol.FollowerFetchCodec;
import io.barnabas.broker.protocol.FollowerFetchCodec.FetchLimits;
import io.barnabas.broker.protocol.FollowerOffsetsCodec;
import io.barnabas.replica.fetch.FetchAnswer;
import io.barnabas.replica.fetch.FetchPlan;
import io.barnabas.replica.fetch.LeaderAddress;
import io.barnabas.replica.fetch.LeaderEndPoint;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/** A leader behind a connection of one fetcher. Owned by the connection's event loop. */
final class PeerLeaderEndPoint implements LeaderEndPoint {
    /**
     * How followers fetch from peers.
     *
     * @param limits what to ask for at most
     * @param protocol the inter-broker protocol's version
     * @param socketTimeout {@code replica.socket.timeout.ms}
     * @param brokerEpoch this broker's epoch now
     */
    record Terms(FetchLimits limits, ProtocolVersion protocol, Duration socketTimeout, LongSupplier brokerEpoch) {}

    private final PeerConnection connection;
    private final Terms terms;
    private final FollowerFetchCodec fetchCodec;
    private final Function<AbstractResponse, FetchAnswer> toAnswer;

    PeerLeaderEndPoint(PeerConnection connection, Terms terms) {
        this.connection = connection;
        this.terms = terms;
        this.fetchCodec =
                new FollowerFetchCodec(terms.limits(), terms.protocol().fetchVersion());
        this.toAnswer = response -> fetchCodec.toAnswer((FetchResponse) response);
    }

    /** End points over a client's connections, one lane per fetcher id. */
    static Factory factory(PeerClient peers, Terms terms) {
        return (LeaderAddress leader, int fetcherId) -> {
            Peer peer = new Peer(leader.brokerId(), leader.host(), leader.port());
            return new PeerLeaderEndPoint(
                    peers.connection(peer, PeerPurpose.FETCH, fetcherId, terms.socketTimeout()), terms);
        };
    }

    @Override
    public int leaderId() {
        return connection.peer().id();
    }

    @Override
    public Executor executor() {
        return connection.eventLoop();
    }

    @Override
    public boolean truncatesOnFetch() {
        return terms.protocol().isTruncationOnFetchSupported();
    }

    @Override
    public boolean knowsLeaderEpochs() {
        return terms.protocol().isOffsetForLeaderEpochSupported();
    }

    @Override
    public CompletionStage<FetchAnswer> fetch(FetchPlan plan, int maxWaitMs) {
        return connection
                .send(fetchCodec.toRequest(plan, maxWaitMs, terms.brokerEpoch().getAsLong()))
                .thenApply(toAnswer);
    }

    @Override
    public CompletionStage<Map<TopicPartition, EpochAnswer>> offsetsForLeaderEpoch(
            Map<TopicPartition, EpochQuestion> asked) {
        short version = terms.protocol().offsetForLeaderEpochVersion();
        return connection
                .send(FollowerOffsetsCodec.toRequest(asked, terms.limits().brokerId(), version))
                .thenApply(response -> FollowerOffsetsCodec.toAnswers((OffsetsForLeaderEpochResponse) response));
    }

    @Override
    public CompletionStage<OffsetAnswer> listOffset(TopicPartition partition, int currentLeaderEpoch, LogEnd end) {
        short version = terms.protocol().listOffsetsVersion();
        ListOffsetsRequest request = FollowerOffsetsCodec.toRequest(
                partition, currentLeaderEpoch, end, terms.limits().brokerId(), version);
        return connection
                .send(request)
                .thenApply(
                        response -> FollowerOffsetsCodec.toAnswer((ListOffsetsResponse) response, partition, version));
    }

    @Override
    public void close() {
        connection.close();
    }
}
