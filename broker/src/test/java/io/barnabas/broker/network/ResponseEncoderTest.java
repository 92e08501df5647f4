// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.network.wire.FileSliceRegion;
import io.barnabas.broker.network.wire.ResponseEncoder;
import io.barnabas.replica.log.FileSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.LazyDownConversionRecords;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseEncoderTest {
    private static final short VERSION = 12;

    @TempDir
    Path directory;

    private FileChannel file;
    private final RecordingHandler fetch = new RecordingHandler(ApiKeys.FETCH);
    private final Client client = new Client(Client.pipeline(fetch));

    @BeforeEach
    void openFile() throws IOException {
        file = FileChannel.open(
                Files.createFile(directory.resolve("00000000000000000000.log")),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    @AfterEach
    void closeFile() throws IOException {
        file.close();
    }

    private static MemoryRecords records(int valueBytes) {
        return MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(1L, "k".getBytes(StandardCharsets.UTF_8), new byte[valueBytes]));
    }

    private FileSlice slice(MemoryRecords records) throws IOException {
        long position = file.size();
        ByteBuffer bytes = records.buffer();
        while (bytes.hasRemaining()) {
            file.write(bytes, file.size());
        }
        return new FileSlice(file, position, records.sizeInBytes());
    }

    private static FetchResponse response(BaseRecords... partitions) {
        FetchableTopicResponse topic = new FetchableTopicResponse().setTopic("t");
        for (int i = 0; i < partitions.length; i++) {
            topic.partitions().add(new PartitionData().setPartitionIndex(i).setRecords(partitions[i]));
        }
        return new FetchResponse(new FetchResponseData().setResponses(List.of(topic)));
    }

    private static List<Object> encode(FetchResponse response) {
        return ResponseEncoder.encode(
                ByteBufAllocator.DEFAULT, new RequestHeader(ApiKeys.FETCH, VERSION, "c", 1), response, VERSION);
    }

    private FetchResponse fetched(BaseRecords... partitions) {
        client.send(Requests.frame(Requests.fetch(), 3));
        fetch.answers.get(0).complete(response(partitions));
        ByteBuf frame = client.frames().get(0);
        return (FetchResponse) Requests.parse(frame, ApiKeys.FETCH, VERSION, 3);
    }

    private static MemoryRecords partition(FetchResponse response, int index) {
        return (MemoryRecords)
                response.data().responses().get(0).partitions().get(index).records();
    }

    @Test
    void largeSlicesOfFilesAreSentByTheKernel() throws IOException {
        FileSlice slice = slice(records(100_000));
        List<Object> parts = encode(response(slice));
        try {
            assertThat(parts).hasSize(3);
            assertThat(parts.get(1)).isInstanceOfSatisfying(FileSliceRegion.class, region -> assertThat(region.count())
                    .isEqualTo(slice.sizeInBytes()));
        } finally {
            parts.forEach(ReferenceCountUtil::release);
        }
        assertThat(file.isOpen()).as("the segment's file after it was sent").isTrue();
    }

    @Test
    void smallSlicesTravelWithTheRestOfTheAnswer() throws IOException {
        List<Object> parts = encode(response(slice(records(100)), slice(records(200))));
        assertThat(parts).hasSize(1);
        ReferenceCountUtil.release(parts.get(0));
    }

    @Test
    void recordsOfAllKindsArriveAsTheyAre() throws IOException {
        MemoryRecords big = records(50_000);
        MemoryRecords small = records(5);
        FetchResponse answer = fetched(slice(big), slice(small), big, small, MemoryRecords.EMPTY, FileSlice.EMPTY);

        assertThat(partition(answer, 0)).isEqualTo(big);
        assertThat(partition(answer, 1)).isEqualTo(small);
        assertThat(partition(answer, 2)).isEqualTo(big);
        assertThat(partition(answer, 3)).isEqualTo(small);
        assertThat(partition(answer, 4).sizeInBytes()).isZero();
        assertThat(partition(answer, 5).sizeInBytes()).isZero();
    }

    @Test
    void downConvertedRecordsAreConvertedWhileTheyAreSent() {
        MemoryRecords records = records(40_000);
        FetchResponse answer = fetched(new LazyDownConversionRecords(
                new TopicPartition("t", 0), records, RecordBatch.MAGIC_VALUE_V1, 0L, Time.SYSTEM));

        RecordBatch batch = partition(answer, 0).batches().iterator().next();
        assertThat(batch.magic()).isEqualTo(RecordBatch.MAGIC_VALUE_V1);
        Record record = batch.iterator().next();
        assertThat(record.valueSize()).isEqualTo(40_000);
    }

    @Test
    void sliceThatWasTruncatedMeanwhileIsAnErrorAndNotAShortAnswer() throws IOException {
        FileSlice slice = slice(records(1000));
        file.truncate(500);
        assertThatThrownBy(() -> encode(response(slice))).hasMessageContaining("truncated");

        client.send(Requests.frame(Requests.fetch(), 4));
        fetch.answers.get(0).complete(response(slice));
        assertThat(client.answered()).containsExactly(4);
    }
}
