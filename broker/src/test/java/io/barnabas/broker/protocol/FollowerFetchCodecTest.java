// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.protocol.FollowerFetchCodec.FetchLimits;
import io.barnabas.replica.fetch.FetchAnswer;
import io.barnabas.replica.fetch.FetchPlan;
import io.barnabas.replica.fetch.FetchPlan.ForgottenPartition;
import io.barnabas.replica.fetch.FetchPlan.PartitionFetch;
import io.barnabas.replica.fetch.LeaderEndPoint.EpochQuestion;
import io.barnabas.replica.fetch.LeaderEndPoint.LogEnd;
import io.barnabas.replica.log.EpochEndOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FollowerFetchCodecTest {
    private static final FetchLimits LIMITS = new FetchLimits(3, 1, 10_000_000, 1_000_000);
    private static final Uuid ID = new Uuid(1, 2);
    private static final TopicPartition PARTITION = new TopicPartition("orders", 4);

    static IntStream versions() {
        return IntStream.rangeClosed(0, 17);
    }

    private static FetchPlan plan(short version) {
        boolean ids = version >= 13;
        PartitionFetch fetch =
                new PartitionFetch(PARTITION, ids ? ID : Uuid.ZERO_UUID, 100L, 7L, 6, version >= 12 ? 5 : -1);
        return new FetchPlan(0, 0, ids, List.of(fetch), List.of());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void asksWhatTheVersionCanSay(int version) {
        FollowerFetchCodec codec = new FollowerFetchCodec(LIMITS, (short) version);

        FetchRequest received = overTheWire(codec.toRequest(plan((short) version), 500, 42L));

        assertThat(received.replicaId()).isEqualTo(3);
        assertThat(received.replicaEpoch()).isEqualTo(version >= 15 ? 42L : -1L);
        assertThat(received.isFromFollower()).isTrue();
        FetchRequest.PartitionData asked =
                received.fetchData(Map.of(ID, "orders")).values().iterator().next();
        assertThat(asked.fetchOffset).isEqualTo(100L);
        assertThat(asked.logStartOffset).isEqualTo(version >= 5 ? 7L : -1L);
        assertThat(asked.currentLeaderEpoch.orElse(-1)).isEqualTo(version >= 9 ? 6 : -1);
        assertThat(asked.lastFetchedEpoch.orElse(-1)).isEqualTo(version >= 12 ? 5 : -1);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void understandsTheAnswer(int version) {
        FollowerFetchCodec codec = new FollowerFetchCodec(LIMITS, (short) version);
        codec.toRequest(plan((short) version), 500, 42L);
        MemoryRecords records = MemoryRecords.withRecords(100L, Compression.NONE, 6, new SimpleRecord(new byte[10]));
        FetchResponseData.PartitionData partition = new FetchResponseData.PartitionData()
                .setPartitionIndex(4)
                .setHighWatermark(90L)
                .setRecords(records);
        if (version >= 5) {
            partition.setLogStartOffset(8L);
        }
        if (version >= 12) {
            partition.setDivergingEpoch(
                    new FetchResponseData.EpochEndOffset().setEpoch(2).setEndOffset(50L));
        }
        FetchResponseData data = new FetchResponseData();
        if (version >= 7) {
            data.setSessionId(9);
        }
        data.responses()
                .add(new FetchResponseData.FetchableTopicResponse()
                        .setTopic("orders")
                        .setTopicId(version >= 13 ? ID : Uuid.ZERO_UUID)
                        .setPartitions(List.of(partition)));

        FetchAnswer answer =
                codec.toAnswer(FetchResponse.parse(MessageUtil.toByteBuffer(data, (short) version), (short) version));

        assertThat(answer.error()).isEqualTo(Errors.NONE);
        assertThat(answer.sessionId()).isEqualTo(version >= 7 ? 9 : 0);
        FetchAnswer.PartitionAnswer one = answer.partitions().get(0);
        assertThat(one.topicPartition()).isEqualTo(PARTITION);
        assertThat(one.highWatermark()).isEqualTo(90L);
        assertThat(one.records().sizeInBytes()).isEqualTo(records.sizeInBytes());
        assertThat(one.diverging()).isEqualTo(version >= 12 ? new EpochEndOffset(2, 50L) : null);
    }

    @Test
    void namesTopicsWhereOneHasNoId() {
        FollowerFetchCodec codec = new FollowerFetchCodec(LIMITS, (short) 17);
        PartitionFetch fetch = new PartitionFetch(PARTITION, Uuid.ZERO_UUID, 0L, 0L, 1, -1);

        FetchRequest request = codec.toRequest(new FetchPlan(0, 0, false, List.of(fetch), List.of()), 500, 1L);

        assertThat(request.version()).isEqualTo((short) 12);
    }

    /** KAFKA-13102: before version 13 forgetting a replaced topic would drop the one fetched now. */
    @Test
    void doesNotForgetAReplacedTopicByName() {
        ForgottenPartition replaced = new ForgottenPartition(PARTITION, ID, true);
        ForgottenPartition gone = new ForgottenPartition(new TopicPartition("gone", 0), ID, false);
        FetchPlan byName = new FetchPlan(1, 1, false, List.of(), List.of(replaced, gone));
        FetchPlan byId = new FetchPlan(1, 1, true, List.of(), List.of(replaced, gone));

        FollowerFetchCodec codec = new FollowerFetchCodec(LIMITS, (short) 17);

        assertThat(codec.toRequest(byName, 500, 1L).data().forgottenTopicsData())
                .extracting(topic -> topic.topic())
                .containsExactly("gone");
        assertThat(codec.toRequest(byId, 500, 1L).data().forgottenTopicsData()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("offsetVersions")
    void asksForOffsetsAtEveryVersion(int version) {
        assertThat(overTheWire(FollowerOffsetsCodec.toRequest(PARTITION, 6, LogEnd.LATEST, 3, (short) version))
                        .version())
                .isEqualTo((short) version);
        if (version <= 4) {
            assertThat(overTheWire(FollowerOffsetsCodec.toRequest(
                                    Map.of(PARTITION, new EpochQuestion(6, 5)), 3, (short) version))
                            .version())
                    .isEqualTo((short) version);
        }
    }

    static IntStream offsetVersions() {
        return IntStream.rangeClosed(0, 9);
    }

    @SuppressWarnings("unchecked")
    private static <T extends AbstractRequest> T overTheWire(T request) {
        ByteBuffer bytes =
                request.serializeWithHeader(new RequestHeader(request.apiKey(), request.version(), "broker-3", 1));
        RequestHeader header = RequestHeader.parse(bytes);
        assertThat(header.apiKey()).isIn(ApiKeys.FETCH, ApiKeys.LIST_OFFSETS, ApiKeys.OFFSET_FOR_LEADER_EPOCH);
        return (T) AbstractRequest.parseRequest(request.apiKey(), request.version(), bytes).request;
    }
}
