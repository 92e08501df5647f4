// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.OffsetQuery;
import io.barnabas.replica.OffsetResult;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogCompression;
import io.barnabas.replica.log.LogConfig;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batches that take long to look into: put off to other threads, which here do what they are told when they are told.
 */
class LateAppendsTest {
    private static final int LARGE = 2 * Appender.AT_ONCE_BYTES;

    @TempDir
    Path directory;

    private final Queue<Runnable> putOff = new ArrayDeque<>();
    private ReplicasFixture it;

    @BeforeEach
    void lead() {
        it = new ReplicasFixture(directory, 1, Optional.empty(), putOff::add);
        it.order(1, 1, 5, 0, 1);
    }

    @AfterEach
    void close() {
        it.close();
    }

    private static MemoryRecords compressed(int bytes) {
        return MemoryRecords.withRecords(
                Compression.gzip().build(),
                new SimpleRecord(5L, null, new byte[bytes]),
                new SimpleRecord(9L, new byte[1]));
    }

    private void doOne() {
        putOff.remove().run();
    }

    @Test
    void whatTakesLongIsDoneElsewhereAndEverythingBehindItWaits() {
        CompletableFuture<AppendResult> large = it.append(1, 1000, compressed(LARGE));
        CompletableFuture<AppendResult> behind = it.append(1, 1000, "a");
        CompletableFuture<AppendResult> last = it.append(1, 1000, "b");
        assertThat(large).isNotDone();
        assertThat(behind).isNotDone();
        doOne();
        assertThat(large.join().baseOffset()).isZero();
        assertThat(behind).isNotDone();
        doOne();
        doOne();
        assertThat(behind.join().baseOffset()).isEqualTo(2);
        assertThat(last.join().baseOffset()).isEqualTo(3);
        assertThat(it.append(1, 1000, "c").join().baseOffset())
                .as("with nothing before it, at once again")
                .isEqualTo(4);
    }

    /** As clients of before Kafka 0.11 send them. */
    @Test
    void anOldFormatIsDoneElsewhereToo() {
        MemoryRecords old = MemoryRecords.withRecords(
                RecordBatch.MAGIC_VALUE_V1,
                0L,
                Compression.gzip().build(),
                TimestampType.CREATE_TIME,
                new SimpleRecord(5L, null, new byte[LARGE]),
                new SimpleRecord(9L, new byte[1]));
        CompletableFuture<AppendResult> large = it.append(1, 1000, old);
        assertThat(large).isNotDone();
        doOne();
        assertThat(large.join().lastOffset()).isEqualTo(1);
        assertThat(it.append(1, 1000, "next").join().baseOffset()).isEqualTo(2);
    }

    /** The request's bytes are released with its answer, so it must not be answered while one is put off. */
    @Test
    void anErrorInOnePartitionDoesNotAnswerForThoseThatArePutOff() {
        TopicPartition second = new TopicPartition("orders", 1);
        it.lead(second);
        Map<TopicPartition, MemoryRecords> records = new LinkedHashMap<>();
        records.put(ReplicasFixture.ORDERS, compressed(LARGE));
        records.put(second, ReplicasFixture.records("a"));
        it.failing = new StackOverflowError("as if");
        CompletableFuture<Map<TopicPartition, AppendResult>> answer =
                it.replicas.append(new AppendCommand((short) 1, 1000, false, AppendOrigin.CLIENT, records));
        it.failing = null;
        assertThat(answer).isNotDone();
        doOne();
        assertThat(answer.join().get(ReplicasFixture.ORDERS).error()).isEqualTo(Errors.NONE);
        assertThat(answer.join().get(second).error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
    }

    /** Compressing is slower than decompressing, and what is not compressed may be as large as a request. */
    @Test
    void whatTheTopicWantsCompressedAnewIsDoneElsewhereToo() {
        it.config = LogConfig.builder()
                .compression(LogCompression.of(Compression.gzip().build()))
                .build();
        TopicPartition anew = new TopicPartition("orders", 1);
        it.lead(anew);
        CompletableFuture<Map<TopicPartition, AppendResult>> large =
                append(anew, ReplicasFixture.records("a".repeat(Appender.REWRITTEN_AT_ONCE_BYTES)));
        assertThat(large).isNotDone();
        doOne();
        assertThat(large.join().get(anew).error()).isEqualTo(Errors.NONE);
        assertThat(append(anew, ReplicasFixture.records("small"))).isDone();
    }

    /** Their records are always written anew. */
    @Test
    void topicsInAnOldFormatAreAppendedToElsewhereToo() {
        it.config = LogConfig.builder().recordVersion(RecordVersion.V1).build();
        TopicPartition old = new TopicPartition("orders", 1);
        it.lead(old);
        CompletableFuture<Map<TopicPartition, AppendResult>> large =
                append(old, compressed(Appender.REWRITTEN_AT_ONCE_BYTES));
        CompletableFuture<Map<TopicPartition, AppendResult>> tooLarge =
                append(old, compressed(ReplicasFixture.MOST_DECOMPRESSED + 1));
        assertThat(large).isNotDone();
        doOne();
        doOne();
        assertThat(large.join().get(old).lastOffset()).isEqualTo(1);
        assertThat(tooLarge.join().get(old).error()).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(append(old, compressed(1000)).join().get(old).lastOffset()).isEqualTo(3);
    }

    private CompletableFuture<Map<TopicPartition, AppendResult>> append(TopicPartition name, MemoryRecords records) {
        return it.replicas.append(
                new AppendCommand((short) 1, 1000, false, AppendOrigin.CLIENT, Map.of(name, records)));
    }

    @Test
    void whatIsSmallIsDoneAtOnce() {
        assertThat(it.append(1, 1000, compressed(1000)).join().baseOffset()).isZero();
        assertThat(putOff).isEmpty();
    }

    @Test
    void aPutOffBatchWaitsForItsReplicasToo() {
        it.order(1, 1, 6, 1, 1, 2);
        CompletableFuture<AppendResult> large = it.append(-1, 1000, compressed(LARGE));
        doOne();
        assertThat(large).isNotDone();
        it.followerFetch(2, 2, 6);
        assertThat(large.join().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void whoLeadsNoLongerWhenItsTurnComesSaysSo() {
        CompletableFuture<AppendResult> large = it.append(1, 1000, compressed(LARGE));
        it.order(1, 2, 6, 1, 2);
        doOne();
        assertThat(large.join().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void whatIsTooLargeIsRefusedWithWords() {
        CompletableFuture<AppendResult> refused = it.append(1, 1000, compressed(ReplicasFixture.MOST_DECOMPRESSED + 1));
        doOne();
        assertThat(refused.join().error()).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(refused.join().errorMessage()).contains(ReplicaConfig.MAX_DECOMPRESSED_BYTES_KEY);
        assertThat(it.append(1, 1000, "next").join().baseOffset()).isZero();
    }

    @Test
    void aLookIntoBatchesIsDoneElsewhereToo() {
        it.append(1, 1000, compressed(LARGE));
        doOne();
        CompletableFuture<OffsetResult> found =
                it.replicas.listOffsets(ReplicasFixture.ORDERS, new OffsetQuery(7L, FetchIsolation.LOG_END, -1, true));
        assertThat(found).isNotDone();
        doOne();
        assertThat(found.join().offset()).isEqualTo(1);
        assertThat(it.replicas.listOffsets(
                        ReplicasFixture.ORDERS, new OffsetQuery(OffsetQuery.LATEST, FetchIsolation.LOG_END, -1, true)))
                .isDone();
    }
}
