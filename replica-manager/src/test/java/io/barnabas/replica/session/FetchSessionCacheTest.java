// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.log.FileSlice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class FetchSessionCacheTest {
    private static final Uuid ID = Uuid.randomUuid();

    private final AtomicLong nowMs = new AtomicLong(1_000);
    private final FetchSessionCache cache =
            new FetchSessionCache(2, () -> Instant.ofEpochMilli(nowMs.get()), new Random(1));

    private static String nameOf(Uuid id) {
        return id.equals(ID) ? "orders" : null;
    }

    private static TopicIdPartition name(int index) {
        return new TopicIdPartition(Uuid.ZERO_UUID, index, "orders");
    }

    private static FetchCommand.Partition ask(TopicIdPartition name, long offset) {
        return new FetchCommand.Partition(name, offset, -1, 1024, 0, -1);
    }

    private static FetchCommand.Partition ask(int index, long offset) {
        return ask(name(index), offset);
    }

    private static FetchResult result(TopicIdPartition name, long highWatermark, int bytes) {
        FileSlice records = bytes == 0 ? FileSlice.EMPTY : new FileSlice(NoChannel.INSTANCE, 0, bytes);
        return new FetchResult(name, Errors.NONE, highWatermark, highWatermark, 0, records, Optional.empty(), null, -1);
    }

    private static FetchSessionCache.Request request(
            int id, int epoch, boolean follower, List<FetchCommand.Partition> partitions) {
        return new FetchSessionCache.Request(id, epoch, false, follower, partitions, List.of());
    }

    private int open(boolean follower, int partitions) {
        List<FetchCommand.Partition> asked = new ArrayList<>();
        List<FetchResult> results = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            asked.add(ask(i, 0));
            results.add(result(name(i), 5, 0));
        }
        return cache.contextOf(request(0, 0, follower, asked), FetchSessionCacheTest::nameOf)
                .answer(results)
                .sessionId();
    }

    @Test
    void fullFetchOpensASessionAndTellsEverything() {
        FetchContext context =
                cache.contextOf(request(0, 0, false, List.of(ask(0, 0), ask(1, 0))), FetchSessionCacheTest::nameOf);
        FetchContext.Answer answer = context.answer(List.of(result(name(0), 5, 0), result(name(1), 5, 0)));
        assertThat(answer.sessionId()).isPositive();
        assertThat(answer.results()).hasSize(2);
        assertThat(cache.size()).isOne();
        assertThat(cache.partitions()).isEqualTo(2);
    }

    @Test
    void finalEpochAsksForNoSession() {
        FetchContext.Answer answer = cache.contextOf(
                        request(0, -1, false, List.of(ask(0, 0))), FetchSessionCacheTest::nameOf)
                .answer(List.of(result(name(0), 5, 0)));
        assertThat(answer.sessionId()).isZero();
        assertThat(cache.size()).isZero();
    }

    @Test
    void incrementalFetchRemembersWhatIsAskedAndTellsOnlyNews() {
        int id = open(false, 2);
        FetchContext context =
                cache.contextOf(request(id, 1, false, List.of(ask(1, 7))), FetchSessionCacheTest::nameOf);
        assertThat(context.partitions()).containsExactly(ask(0, 0), ask(1, 7));
        FetchContext.Answer answer = context.answer(List.of(result(name(0), 5, 0), result(name(1), 6, 0)));
        assertThat(answer.error()).isEqualTo(Errors.NONE);
        assertThat(answer.results()).extracting(FetchResult::topicIdPartition).containsExactly(name(1));
    }

    @Test
    void partitionWithDataGoesToTheEnd() {
        int id = open(false, 3);
        cache.contextOf(request(id, 1, false, List.of()), FetchSessionCacheTest::nameOf)
                .answer(List.of(result(name(0), 5, 10), result(name(1), 5, 0), result(name(2), 5, 0)));
        FetchContext next = cache.contextOf(request(id, 2, false, List.of()), FetchSessionCacheTest::nameOf);
        assertThat(next.partitions())
                .extracting(asked -> asked.topicIdPartition().partition())
                .containsExactly(1, 2, 0);
    }

    @Test
    void partitionIsToldAgainAfterAnError() {
        int id = open(false, 1);
        FetchContext.Answer failed = cache.contextOf(request(id, 1, false, List.of()), FetchSessionCacheTest::nameOf)
                .answer(List.of(FetchResult.failed(name(0), Errors.NOT_LEADER_OR_FOLLOWER)));
        assertThat(failed.results()).hasSize(1);
        FetchContext.Answer healed = cache.contextOf(request(id, 2, false, List.of()), FetchSessionCacheTest::nameOf)
                .answer(List.of(result(name(0), 5, 0)));
        assertThat(healed.results()).hasSize(1);
    }

    @Test
    void unknownSessionIsRefused() {
        FetchContext context = cache.contextOf(request(42, 1, false, List.of()), FetchSessionCacheTest::nameOf);
        assertThat(context.error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void wrongEpochIsRefused() {
        int id = open(false, 1);
        assertThat(cache.contextOf(request(id, 2, false, List.of()), FetchSessionCacheTest::nameOf)
                        .error())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
    }

    @Test
    void changeBetweenNamesAndIdsIsRefused() {
        int id = open(false, 1);
        FetchSessionCache.Request byId = new FetchSessionCache.Request(id, 1, true, false, List.of(), List.of());
        assertThat(cache.contextOf(byId, FetchSessionCacheTest::nameOf).error())
                .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
    }

    @Test
    void sessionWithoutPartitionsIsClosed() {
        int id = open(false, 1);
        FetchSessionCache.Request forgetsAll =
                new FetchSessionCache.Request(id, 1, false, false, List.of(), List.of(name(0)));
        FetchContext.Answer answer =
                cache.contextOf(forgetsAll, FetchSessionCacheTest::nameOf).answer(List.of());
        assertThat(answer.sessionId()).isZero();
        assertThat(cache.size()).isZero();
    }

    @Test
    void fullFetchClosesTheSessionItNames() {
        int id = open(false, 1);
        cache.contextOf(request(id, 0, false, List.of(ask(0, 0))), FetchSessionCacheTest::nameOf)
                .answer(List.of(result(name(0), 5, 0)));
        assertThat(cache.size()).isOne();
        assertThat(cache.contextOf(request(id, 1, false, List.of()), FetchSessionCacheTest::nameOf)
                        .error())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void answerToARequestThatWasOvertakenIsRefused() {
        int id = open(false, 1);
        FetchContext slow = cache.contextOf(request(id, 1, false, List.of()), FetchSessionCacheTest::nameOf);
        cache.contextOf(request(id, 2, false, List.of()), FetchSessionCacheTest::nameOf);
        assertThat(slow.answer(List.of(result(name(0), 6, 0))).error()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
    }

    @Test
    void consumerGetsNoSessionWhileAllAreYoung() {
        open(false, 1);
        open(false, 1);
        assertThat(open(false, 9)).isZero();
        assertThat(cache.evictions()).isZero();
    }

    @Test
    void followerTakesTheSmallestConsumersPlaceAtOnce() {
        open(false, 3);
        int small = open(false, 1);
        assertThat(open(true, 1)).isPositive();
        assertThat(cache.contextOf(request(small, 1, false, List.of()), FetchSessionCacheTest::nameOf)
                        .error())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void staleSessionMakesRoomForAnybody() {
        open(true, 5);
        open(true, 5);
        nowMs.addAndGet(FetchSessionCache.EVICTION_MS + 1);
        assertThat(open(false, 1)).isPositive();
        assertThat(cache.evictions()).isOne();
    }

    @Test
    void largerConsumerTakesThePlaceOfASettledSmallerOne() {
        int first = open(false, 1);
        int second = open(false, 1);
        nowMs.addAndGet(FetchSessionCache.EVICTION_MS + 1);
        cache.contextOf(request(first, 1, false, List.of()), FetchSessionCacheTest::nameOf);
        cache.contextOf(request(second, 1, false, List.of()), FetchSessionCacheTest::nameOf);
        assertThat(open(false, 5)).isPositive();
        assertThat(cache.evictions()).isOne();
    }

    @Test
    void unknownTopicIdIsResolvedOnceTheNameIsKnown() {
        TopicIdPartition nameless = new TopicIdPartition(ID, 0, null);
        FetchSessionCache.Request full =
                new FetchSessionCache.Request(0, 0, true, false, List.of(ask(nameless, 0)), List.of());
        int id = cache.contextOf(full, unknown -> null)
                .answer(List.of(FetchResult.failed(nameless, Errors.UNKNOWN_TOPIC_ID)))
                .sessionId();
        FetchSessionCache.Request next = new FetchSessionCache.Request(id, 1, true, false, List.of(), List.of());
        assertThat(cache.contextOf(next, FetchSessionCacheTest::nameOf).partitions())
                .extracting(asked -> asked.topicIdPartition().topic())
                .containsExactly("orders");
    }
}
