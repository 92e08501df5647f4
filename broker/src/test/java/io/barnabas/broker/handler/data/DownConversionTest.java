// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.FetchResult;
import io.barnabas.replica.log.FileSlice;
import io.barnabas.replica.log.LogCompression;
import io.barnabas.replica.log.LogConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownConversionTest {
    private static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(1, 1), 0, "orders");

    private final FakeReplicas replicas = new FakeReplicas();
    private final DownConversion conversion = new DownConversion(replicas);

    @TempDir
    Path directory;

    private PartitionData apply(FetchResult result, int version, boolean fromFollower) {
        PartitionData data =
                new PartitionData().setErrorCode(result.error().code()).setRecords(result.records());
        return conversion.apply(result, data, (short) version, fromFollower, () -> 0L);
    }

    private Errors error(FetchResult result, int version) {
        return Errors.forCode(apply(result, version, false).errorCode());
    }

    private static FetchResult read(Errors error, FileSlice records) {
        return error == Errors.NONE
                ? new FetchResult(PARTITION, error, 9, 8, 3, records, Optional.empty(), null, -1)
                : FetchResult.failed(PARTITION, error);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"NONE", "OFFSET_OUT_OF_RANGE", "NOT_LEADER_OR_FOLLOWER"})
    void topicCompressedWithZstdIsRefusedBeforeVersionTenWithoutRecordsToo(Errors error) {
        replicas.config = LogConfig.builder()
                .compression(LogCompression.of(Compression.zstd().build()))
                .build();
        for (int version = 0; version < 10; version++) {
            assertThat(error(read(error, FileSlice.EMPTY), version)).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
        }
        assertThat(error(read(error, FileSlice.EMPTY), 10)).isEqualTo(error);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"NONE", "OFFSET_OUT_OF_RANGE", "NOT_LEADER_OR_FOLLOWER"})
    void topicNotToBeConvertedIsRefusedWithoutRecordsToo(Errors error) {
        replicas.config = LogConfig.builder().messageDownconversionEnable(false).build();
        FetchResult nothing = read(error, FileSlice.EMPTY);
        for (int version = 0; version < 4; version++) {
            assertThat(error(nothing, version)).isEqualTo(Errors.UNSUPPORTED_VERSION);
            assertThat(Errors.forCode(apply(nothing, version, true).errorCode()))
                    .as("a follower's records are always converted")
                    .isEqualTo(error);
        }
        assertThat(error(nothing, 4)).isEqualTo(error);
    }

    @Test
    void nothingIsMadeOfNoRecords() {
        for (int version = 0; version < 4; version++) {
            assertThat(apply(read(Errors.NONE, FileSlice.EMPTY), version, false).records())
                    .isSameAs(FileSlice.EMPTY);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void damagedRecordsAreTheirPartitionsFaultOnly(int version) throws IOException {
        MemoryRecords records =
                MemoryRecords.withRecords(Compression.gzip().build(), new SimpleRecord(5L, null, new byte[] {1, 2, 3}));
        byte[] bytes = Utils.toArray(records.buffer());
        // the gzip header right after the batch's own
        bytes[61] = 0;
        Path file = directory.resolve("segment.log");
        try (FileChannel channel = FileChannel.open(Files.write(file, bytes))) {
            FetchResult damaged = read(Errors.NONE, new FileSlice(channel, 0, bytes.length));
            assertThat(error(damaged, version)).isEqualTo(Errors.CORRUPT_MESSAGE);
        }
    }
}
