// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.AbortedTransaction;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.EpochEndOffset;
import io.barnabas.replica.log.EpochEntry;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.InvalidRecordsException;
import io.barnabas.replica.log.LogAppendInfo;
import io.barnabas.replica.log.LogCompression;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogOffsetMetadata;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.LogStartOffsetIncrementReason;
import io.barnabas.replica.log.TimestampAndOffset;
import io.barnabas.replica.log.UnexpectedAppendOffsetException;
import io.barnabas.replica.log.VerificationGuard;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPartitionLogTest {
    private static final LogConfig SMALL =
            LogConfig.builder().segmentBytes(1000).indexIntervalBytes(100).build();

    @TempDir
    Path dir;

    private TestLogs logs;
    private LocalPartitionLog log;

    @BeforeEach
    void open() {
        logs = new TestLogs(dir);
        log = logs.open(SMALL, true, 0L);
    }

    @AfterEach
    void close() {
        logs.close();
    }

    private LogAppendInfo lead(MemoryRecords records) {
        return log.appendAsLeader(records, 7, AppendOrigin.CLIENT);
    }

    private void reopen(LogConfig config) {
        log.close();
        log = logs.open(config, true, 0L);
    }

    @Test
    void givesOffsetsAndReadsThemBackOverSegmentsAndAfterReopening() {
        for (int i = 0; i < 40; i++) {
            LogAppendInfo info = lead(Batches.plain(3, 100L + i));
            assertThat(info.firstOffset()).isEqualTo(i * 3L);
            assertThat(info.lastOffset()).isEqualTo(i * 3L + 2);
        }
        assertThat(log.numberOfSegments()).isGreaterThan(3);
        List<String> before = TestLogs.values(log, 0L);
        assertThat(before).hasSize(120).startsWith("0:value100-0", "1:value100-1");
        reopen(SMALL);
        assertThat(log.logEndOffset()).isEqualTo(120L);
        assertThat(TestLogs.values(log, 0L)).isEqualTo(before);
        assertThat(TestLogs.values(log, 77L)).isEqualTo(before.subList(77, 120));
        assertThat(log.epochEntries()).containsExactly(new EpochEntry(7, 0L));
    }

    @Test
    void stampsTheLeaderEpochWithoutTouchingTheBody() throws IOException {
        lead(Batches.plain(2, 5L));
        RecordBatch batch = log.read(0L, 10_000, FetchIsolation.LOG_END, true)
                .records()
                .toMemoryRecords()
                .firstBatch();
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(7);
        batch.ensureValid();
    }

    @Test
    void readsOnlyUpToTheHighWatermark() {
        lead(Batches.plain(3, 1L));
        lead(Batches.plain(3, 2L));
        assertThat(log.read(0L, 1000, FetchIsolation.HIGH_WATERMARK, true)
                        .records()
                        .sizeInBytes())
                .isZero();
        assertThat(log.maybeIncrementHighWatermark(log.offsetMetadata(3L))).isPresent();
        LogReadInfo read = log.read(0L, 1000, FetchIsolation.HIGH_WATERMARK, true);
        assertThat(read.records().sizeInBytes()).isEqualTo(Batches.plain(3, 1L).sizeInBytes());
        assertThat(read.highWatermark()).isEqualTo(3L);
        assertThat(log.maybeIncrementHighWatermark(log.offsetMetadata(3L))).isEmpty();
    }

    @Test
    void countsBytesBetweenOffsetsOfASegment() {
        lead(Batches.plain(1, 1L));
        LogOffsetMetadata middle = log.logEndOffsetMetadata();
        int bytes = lead(Batches.plain(4, 2L)).validBytes();
        assertThat(log.logEndOffsetMetadata().positionDiff(middle)).isEqualTo(bytes);
        assertThat(log.offsetMetadata(1L)).isEqualTo(middle);
    }

    @Test
    void refusesOffsetsOutOfRange() {
        lead(Batches.plain(1, 1L));
        assertThatThrownBy(() -> log.read(2L, 10, FetchIsolation.LOG_END, true))
                .isInstanceOf(OffsetOutOfRangeException.class);
        assertThat(log.read(1L, 10, FetchIsolation.LOG_END, true).records().sizeInBytes())
                .isZero();
    }

    @Test
    void givesTheFirstBatchWholeOnlyIfAsked() {
        int bytes = lead(Batches.plain(5, 1L)).validBytes();
        assertThat(log.read(0L, 10, FetchIsolation.LOG_END, true).records().sizeInBytes())
                .isEqualTo(bytes);
        LogReadInfo cut = log.read(0L, 10, FetchIsolation.LOG_END, false);
        assertThat(cut.records().sizeInBytes()).isEqualTo(10);
        assertThat(cut.firstEntryIncomplete()).isTrue();
    }

    @Test
    void answersADuplicateBatchWithItsFirstOffsets() {
        lead(Batches.plain(1, 1L));
        lead(Batches.idempotent(9L, 0, 0, 3, 1L));
        lead(Batches.idempotent(9L, 0, 3, 2, 2L));
        LogAppendInfo again = lead(Batches.idempotent(9L, 0, 0, 3, 1L));
        assertThat(again.duplicate()).isTrue();
        assertThat(again.firstOffset()).isEqualTo(1L);
        assertThat(again.lastOffset()).isEqualTo(3L);
        assertThat(log.logEndOffset()).isEqualTo(6L);
    }

    @Test
    void forgetsAllButTheLastFiveBatchesOfAProducer() {
        for (int i = 0; i < 6; i++) {
            lead(Batches.idempotent(9L, 0, i, 1, 1L));
        }
        assertThatThrownBy(() -> lead(Batches.idempotent(9L, 0, 0, 1, 1L)))
                .isInstanceOf(OutOfOrderSequenceException.class);
        assertThat(lead(Batches.idempotent(9L, 0, 1, 1, 1L)).duplicate()).isTrue();
    }

    @Test
    void checksSequencesAndEpochsOfAProducer() {
        lead(Batches.idempotent(9L, 1, 0, 3, 1L));
        assertThatThrownBy(() -> lead(Batches.idempotent(9L, 1, 4, 1, 1L)))
                .isInstanceOf(OutOfOrderSequenceException.class);
        assertThatThrownBy(() -> lead(Batches.idempotent(9L, 0, 3, 1, 1L)))
                .isInstanceOf(InvalidProducerEpochException.class);
        assertThatThrownBy(() -> lead(Batches.idempotent(9L, 2, 3, 1, 1L)))
                .isInstanceOf(OutOfOrderSequenceException.class);
        lead(Batches.idempotent(9L, 2, 0, 1, 1L));
        assertThat(log.activeProducer(9L).orElseThrow().producerEpoch()).isEqualTo((short) 2);
    }

    @Test
    void acceptsAnySequenceOfAnUnknownProducer() {
        assertThat(lead(Batches.idempotent(9L, 3, 42, 1, 1L)).firstOffset()).isZero();
    }

    @Test
    void remembersProducersAfterACleanRestartAndAfterACrash() {
        lead(Batches.idempotent(9L, 0, 0, 3, logs.nowMs));
        reopen(SMALL);
        assertThat(lead(Batches.idempotent(9L, 0, 0, 3, 1L)).duplicate()).isTrue();
        lead(Batches.idempotent(9L, 0, 3, 1, logs.nowMs));
        log = logs.open(SMALL, false, 0L);
        assertThat(lead(Batches.idempotent(9L, 0, 3, 1, 1L)).duplicate()).isTrue();
        assertThatThrownBy(() -> lead(Batches.idempotent(9L, 0, 9, 1, 1L)))
                .isInstanceOf(OutOfOrderSequenceException.class);
    }

    @Test
    void forgetsIdleProducers() {
        lead(Batches.idempotent(9L, 0, 0, 3, logs.nowMs));
        log.removeExpiredProducers(logs.nowMs + logs.expirationMs - 1);
        assertThat(log.activeProducers()).hasSize(1);
        log.removeExpiredProducers(logs.nowMs + logs.expirationMs + 5);
        assertThat(log.activeProducers()).isEmpty();
    }

    @Test
    void holdsTheLastStableOffsetBackUntilATransactionIsDecidedAndReplicated() {
        lead(Batches.plain(2, 1L));
        lead(Batches.transactional(9L, 0, 0, 3, 1L));
        log.updateHighWatermark(log.logEndOffset());
        assertThat(log.lastStableOffset()).isEqualTo(2L);
        log.appendAsLeader(Batches.marker(9L, 0, ControlRecordType.ABORT, 1), 7, AppendOrigin.COORDINATOR);
        assertThat(log.lastStableOffset()).isEqualTo(2L);
        log.updateHighWatermark(log.logEndOffset());
        assertThat(log.lastStableOffset()).isEqualTo(6L);
        LogReadInfo read = log.read(0L, 10_000, FetchIsolation.TXN_COMMITTED, true);
        assertThat(read.abortedTransactions()).contains(List.of(new AbortedTransaction(9L, 2L)));
    }

    private LogAppendInfo leadVerified(MemoryRecords records, VerificationGuard guard) {
        return log.appendAsLeader(records, 7, AppendOrigin.CLIENT, guard);
    }

    @Test
    void opensATransactionOnlyWithTheGuardHandedOutLast() {
        MemoryRecords first = Batches.transactional(9L, 0, 0, 3, 1L);
        assertThatThrownBy(() -> leadVerified(first, VerificationGuard.NONE))
                .isInstanceOf(InvalidTxnStateException.class);
        VerificationGuard guard = log.startVerification(9L, (short) 0, 0);
        assertThat(log.startVerification(9L, (short) 0, 0)).isSameAs(guard);
        assertThatThrownBy(() -> leadVerified(first, VerificationGuard.create()))
                .isInstanceOf(InvalidTxnStateException.class);
        assertThat(log.logEndOffset()).isZero();

        leadVerified(Batches.transactional(9L, 0, 0, 3, 1L), guard);

        // open now: nothing more to ask
        assertThat(log.startVerification(9L, (short) 0, 3)).isSameAs(VerificationGuard.NONE);
        leadVerified(Batches.transactional(9L, 0, 3, 1, 1L), VerificationGuard.NONE);
    }

    @Test
    void aMarkerTakesTheWorthOfAVerificationUnderWay() {
        VerificationGuard guard = log.startVerification(9L, (short) 0, 0);
        log.appendAsLeader(Batches.marker(9L, 0, ControlRecordType.ABORT, 1), 7, AppendOrigin.COORDINATOR);
        assertThatThrownBy(() -> leadVerified(Batches.transactional(9L, 0, 0, 3, 1L), guard))
                .isInstanceOf(InvalidTxnStateException.class);
        assertThat(log.startVerification(9L, (short) 0, 0)).isNotSameAs(guard);
    }

    @Test
    void anEndedTransactionIsVerifiedAnewButForWhoNeedsNot() {
        leadVerified(Batches.transactional(9L, 0, 0, 3, 1L), log.startVerification(9L, (short) 0, 0));
        log.appendAsLeader(Batches.marker(9L, 0, ControlRecordType.COMMIT, 1), 7, AppendOrigin.COORDINATOR);
        assertThatThrownBy(() -> leadVerified(Batches.transactional(9L, 0, 3, 1, 1L), VerificationGuard.NONE))
                .isInstanceOf(InvalidTxnStateException.class);
        leadVerified(Batches.transactional(9L, 0, 3, 1, 1L), VerificationGuard.NOT_REQUIRED);
        leadVerified(Batches.idempotent(8L, 0, 0, 1, 1L), VerificationGuard.NONE);
    }

    @Test
    void refusesABatchThatOvertookTheOneBeingVerified() {
        VerificationGuard guard = log.startVerification(9L, (short) 0, 3);
        log.startVerification(9L, (short) 0, 0);
        assertThatThrownBy(() -> leadVerified(Batches.transactional(9L, 0, 3, 1, 1L), guard))
                .isInstanceOf(OutOfOrderSequenceException.class);
        leadVerified(Batches.transactional(9L, 0, 0, 3, 1L), guard);
        leadVerified(Batches.transactional(9L, 0, 3, 1, 1L), VerificationGuard.NONE);
    }

    @Test
    void refusesMarkersOfAFormerCoordinatorAndOfAFencedProducer() {
        lead(Batches.transactional(9L, 3, 0, 3, 1L));
        log.appendAsLeader(Batches.marker(9L, 4, ControlRecordType.ABORT, 6), 7, AppendOrigin.COORDINATOR);
        assertThatThrownBy(() -> log.appendAsLeader(
                        Batches.marker(9L, 4, ControlRecordType.COMMIT, 5), 7, AppendOrigin.COORDINATOR))
                .isInstanceOf(TransactionCoordinatorFencedException.class);
        assertThatThrownBy(() -> log.appendAsLeader(
                        Batches.marker(9L, 3, ControlRecordType.COMMIT, 6), 7, AppendOrigin.COORDINATOR))
                .isInstanceOf(InvalidProducerEpochException.class);
        assertThatThrownBy(() -> lead(Batches.transactional(9L, 3, 3, 1, 1L)))
                .isInstanceOf(InvalidProducerEpochException.class);
        // a repeated marker, as of a coordinator that did not hear the first answer, does no harm
        log.appendAsLeader(Batches.marker(9L, 4, ControlRecordType.ABORT, 7), 7, AppendOrigin.COORDINATOR);
    }

    @Test
    void forgetsVerificationsNobodyCameBackFor() {
        VerificationGuard guard = log.startVerification(9L, (short) 0, 0);
        log.removeExpiredProducers(logs.nowMs + logs.expirationMs);
        assertThat(log.startVerification(9L, (short) 0, 0)).isNotSameAs(guard);
    }

    @Test
    void findsAbortedTransactionsAgainAfterACrash() {
        lead(Batches.transactional(9L, 0, 0, 3, 1L));
        log.appendAsLeader(Batches.marker(9L, 0, ControlRecordType.ABORT, 1), 7, AppendOrigin.COORDINATOR);
        lead(Batches.transactional(8L, 0, 0, 1, 1L));
        log = logs.open(SMALL, false, 0L);
        log.updateHighWatermark(log.logEndOffset());
        assertThat(log.lastStableOffset()).isEqualTo(4L);
        assertThat(log.read(0L, 10_000, FetchIsolation.TXN_COMMITTED, true).abortedTransactions())
                .contains(List.of(new AbortedTransaction(9L, 0L)));
    }

    @Test
    void refusesRecordsWithoutKeyOnACompactedTopic() {
        log.updateConfig(SMALL.toBuilder().compact(true).build());
        MemoryRecords keyless = MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(1L, Batches.bytes("k"), Batches.bytes("v")),
                new SimpleRecord(1L, null, Batches.bytes("v")));
        assertThatThrownBy(() -> lead(keyless)).isInstanceOfSatisfying(InvalidRecordsException.class, e -> {
            assertThat(e.recordErrors())
                    .extracting(LogAppendInfo.RecordError::batchIndex)
                    .containsExactly(1);
            assertThat(e.error()).isInstanceOf(org.apache.kafka.common.InvalidRecordException.class);
        });
    }

    @Test
    void refusesTimestampsOutOfBounds() {
        log.updateConfig(SMALL.toBuilder().messageTimestampAfterMaxMs(1000L).build());
        assertThatThrownBy(() -> lead(Batches.plain(2, logs.nowMs + 1000L)))
                .isInstanceOfSatisfying(InvalidRecordsException.class, e -> assertThat(e.recordErrors())
                        .extracting(LogAppendInfo.RecordError::batchIndex)
                        .containsExactly(1));
        log.updateConfig(SMALL.toBuilder().messageTimestampBeforeMaxMs(1000L).build());
        assertThatThrownBy(() -> lead(Batches.plain(1, 5L))).isInstanceOf(InvalidRecordsException.class);
        lead(Batches.plain(1, logs.nowMs));
    }

    @Test
    void stampsItsOwnTimeWhereTheTopicSaysSo() throws IOException {
        log.updateConfig(SMALL.toBuilder()
                .messageTimestampType(TimestampType.LOG_APPEND_TIME)
                .build());
        assertThat(lead(Batches.plain(2, 5L)).logAppendTime()).isEqualTo(logs.nowMs);
        RecordBatch batch = log.read(0L, 1000, FetchIsolation.LOG_END, true)
                .records()
                .toMemoryRecords()
                .firstBatch();
        batch.ensureValid();
        assertThat(batch.iterator().next().timestamp()).isEqualTo(logs.nowMs);
    }

    @Test
    void compressesAnewWhereTheTopicSaysSo() throws IOException {
        log.updateConfig(SMALL.toBuilder()
                .compression(LogCompression.of(Compression.gzip().build()))
                .build());
        lead(Batches.idempotent(9L, 0, 0, 5, 5L));
        RecordBatch batch = log.read(0L, 1000, FetchIsolation.LOG_END, true)
                .records()
                .toMemoryRecords()
                .firstBatch();
        assertThat(batch.compressionType()).isEqualTo(CompressionType.GZIP);
        assertThat(batch.producerId()).isEqualTo(9L);
        assertThat(TestLogs.values(log, 0L)).hasSize(5).contains("4:value5-4");
    }

    @Test
    void convertsOldFormatsToTheStoredOne() throws IOException {
        MemoryRecords old = MemoryRecords.withRecords(
                RecordBatch.MAGIC_VALUE_V1,
                0L,
                Compression.gzip().build(),
                TimestampType.CREATE_TIME,
                Batches.records(4, 50L));
        assertThat(lead(old).lastOffset()).isEqualTo(3L);
        MemoryRecords oldest = MemoryRecords.withRecords(
                RecordBatch.MAGIC_VALUE_V0,
                0L,
                Compression.NONE,
                TimestampType.NO_TIMESTAMP_TYPE,
                new SimpleRecord(Batches.bytes("k"), Batches.bytes("v")));
        assertThat(lead(oldest).lastOffset()).isEqualTo(4L);
        for (RecordBatch batch : log.read(0L, 1000, FetchIsolation.LOG_END, true)
                .records()
                .toMemoryRecords()
                .batches()) {
            assertThat(batch.magic()).isEqualTo(RecordBatch.MAGIC_VALUE_V2);
        }
    }

    @Test
    void refusesWhatIsTooLargeOrCorrupt() {
        log.updateConfig(SMALL.toBuilder().maxMessageBytes(100).build());
        assertThatThrownBy(() -> lead(Batches.plain(9, 1L))).isInstanceOf(RecordTooLargeException.class);
        log.updateConfig(SMALL.toBuilder().segmentBytes(100).build());
        assertThatThrownBy(() -> lead(Batches.plain(9, 1L))).isInstanceOf(RecordBatchTooLargeException.class);
        MemoryRecords corrupt = Batches.plain(1, 1L);
        corrupt.buffer().put(65, (byte) 99);
        assertThatThrownBy(() -> lead(corrupt)).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void appendsWhatALeaderSentAsItIs() {
        log.appendAsFollower(Batches.joined(Batches.replicated(0L, 3, 2, 1L), Batches.replicated(2L, 5, 3, 2L)));
        assertThat(log.logEndOffset()).isEqualTo(5L);
        assertThat(log.endOffsetForEpoch(3)).contains(new EpochEndOffset(3, 2L));
        assertThatThrownBy(() -> log.appendAsFollower(Batches.replicated(4L, 5, 3, 2L)))
                .isInstanceOf(UnexpectedAppendOffsetException.class);
        log.appendAsFollower(Batches.replicated(10L, 5, 1, 2L));
        assertThat(log.logEndOffset()).isEqualTo(11L);
        assertThat(TestLogs.values(log, 5L)).containsExactly("10:value2-0");
    }

    @Test
    void truncatesToAnOffsetWithEpochsAndProducers() {
        lead(Batches.idempotent(9L, 0, 0, 3, logs.nowMs));
        log.appendAsLeader(Batches.idempotent(9L, 0, 3, 3, logs.nowMs), 8, AppendOrigin.CLIENT);
        log.updateHighWatermark(6L);
        assertThat(log.truncateTo(3L)).isTrue();
        assertThat(log.logEndOffset()).isEqualTo(3L);
        assertThat(log.highWatermark()).isEqualTo(3L);
        assertThat(log.latestEpoch()).hasValue(7);
        assertThat(log.activeProducer(9L).orElseThrow().lastSequence()).isEqualTo(2);
        assertThat(log.truncateTo(3L)).isFalse();
        assertThat(lead(Batches.idempotent(9L, 0, 3, 1, 1L)).firstOffset()).isEqualTo(3L);
    }

    @Test
    void truncatesFully() {
        lead(Batches.idempotent(9L, 0, 0, 3, 1L));
        log.truncateFullyAndStartAt(100L, Optional.empty());
        assertThat(log.logStartOffset()).isEqualTo(100L);
        assertThat(log.logEndOffset()).isEqualTo(100L);
        assertThat(log.activeProducers()).isEmpty();
        assertThat(log.latestEpoch()).isEmpty();
        assertThat(lead(Batches.plain(1, 1L)).firstOffset()).isEqualTo(100L);
    }

    @Test
    void findsOffsetsByTimestamp() {
        for (int i = 0; i < 30; i++) {
            lead(Batches.plain(2, 1000L + i * 10L));
        }
        reopen(SMALL);
        assertThat(log.offsetForTimestamp(1000L).orElseThrow().offset()).isZero();
        assertThat(log.offsetForTimestamp(1101L).orElseThrow().offset()).isEqualTo(21L);
        assertThat(log.offsetForTimestamp(1102L).orElseThrow().offset()).isEqualTo(22L);
        assertThat(log.offsetForTimestamp(1292L)).isEmpty();
        assertThat(log.offsetForTimestamp(TimestampAndOffset.MAX_TIMESTAMP)
                        .orElseThrow()
                        .offset())
                .isEqualTo(59L);
        assertThat(log.offsetForTimestamp(TimestampAndOffset.LATEST_TIMESTAMP)
                        .orElseThrow()
                        .offset())
                .isEqualTo(60L);
        assertThat(log.offsetForTimestamp(TimestampAndOffset.EARLIEST_TIMESTAMP)
                        .orElseThrow()
                        .offset())
                .isZero();
    }

    @Test
    void findsTheFirstRecordLeftByATimestampWhoseSegmentIsDeletedFrom() {
        for (int i = 0; i < 30; i++) {
            lead(Batches.plain(2, 1000L + i * 10L));
        }
        log.updateHighWatermark(log.logEndOffset());
        log.maybeIncrementLogStartOffset(50L, LogStartOffsetIncrementReason.CLIENT_RECORD_DELETION);
        assertThat(log.offsetForTimestamp(1000L).orElseThrow().offset()).isEqualTo(50L);
        assertThat(log.offsetForTimestamp(1262L).orElseThrow().offset()).isEqualTo(54L);
    }

    @Test
    void removesOldSegmentsBySizeButNothingBeyondTheHighWatermark() {
        for (int i = 0; i < 40; i++) {
            lead(Batches.plain(3, logs.nowMs));
        }
        log.updateConfig(SMALL.toBuilder().retentionBytes(1500L).build());
        assertThat(log.deleteOldSegments()).isZero();
        log.updateHighWatermark(log.logEndOffset());
        assertThat(log.deleteOldSegments()).isPositive();
        assertThat(log.size()).isBetween(1500L, 2500L);
        assertThat(log.logStartOffset()).isPositive();
        assertThatThrownBy(() -> log.read(0L, 10, FetchIsolation.LOG_END, true))
                .isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void removesOldSegmentsByTimeEvenAll() {
        lead(Batches.plain(3, logs.nowMs));
        log.updateHighWatermark(3L);
        log.updateConfig(SMALL.toBuilder().retentionMs(1000L).build());
        assertThat(log.deleteOldSegments()).isZero();
        logs.advance(2000L);
        assertThat(log.deleteOldSegments()).isEqualTo(1);
        assertThat(log.logStartOffset()).isEqualTo(3L);
        assertThat(log.size()).isZero();
        reopen(SMALL);
        assertThat(log.logEndOffset()).isEqualTo(3L);
    }

    @Test
    void recordsDatedInTheFutureKeepTheirSegmentUnlessTheFilesTimeBoundsIt() throws IOException {
        datedInTheFuture();
        logs.advance(HOUR_MS);
        assertThat(log.deleteOldSegments()).isZero();

        logs.futureMaxMs = 2 * HOUR_MS;
        reopen(HOURLY);
        log.updateHighWatermark(3L);
        assertThat(log.deleteOldSegments()).isZero();
        logs.advance(2 * HOUR_MS);
        assertThat(log.deleteOldSegments()).isZero();
        logs.advance(1L);
        assertThat(log.deleteOldSegments()).isEqualTo(1);
    }

    private static final long HOUR_MS = 3_600_000L;
    private static final LogConfig HOURLY =
            SMALL.toBuilder().segmentBytes(1 << 20).retentionMs(HOUR_MS).build();

    /** Three records of the year after next in a segment written now. */
    private void datedInTheFuture() throws IOException {
        logs.nowMs = 1_700_000_000_000L;
        reopen(HOURLY);
        lead(Batches.plain(3, logs.nowMs + 20_000 * HOUR_MS));
        log.updateHighWatermark(3L);
        log.roll();
        log.segments().get(0).lastModifiedMs(logs.nowMs);
    }

    @Test
    void aSegmentThatAFutureDateKeepsIsToldOfOnce() throws IOException {
        datedInTheFuture();
        LogSegment segment = log.segments().get(0);
        SegmentAges ages = new SegmentAges(TestLogs.PARTITION, -1L, EventSink.NONE);
        assertThat(ages.tellWhyKept(segment, logs.nowMs + HOUR_MS, HOUR_MS)).isFalse();
        assertThat(ages.tellWhyKept(segment, logs.nowMs + HOUR_MS + 1, HOUR_MS)).isTrue();
        assertThat(ages.tellWhyKept(segment, logs.nowMs + 2 * HOUR_MS, HOUR_MS)).isFalse();
    }

    @Test
    void deletesRecordsUpToTheHighWatermarkOnly() {
        for (int i = 0; i < 20; i++) {
            lead(Batches.plain(3, 1L));
        }
        log.updateHighWatermark(50L);
        assertThatThrownBy(() ->
                        log.maybeIncrementLogStartOffset(51L, LogStartOffsetIncrementReason.CLIENT_RECORD_DELETION))
                .isInstanceOf(OffsetOutOfRangeException.class);
        assertThat(log.maybeIncrementLogStartOffset(50L, LogStartOffsetIncrementReason.CLIENT_RECORD_DELETION))
                .isTrue();
        assertThat(log.epochEntries()).containsExactly(new EpochEntry(7, 50L));
        assertThat(log.deleteOldSegments()).isPositive();
        assertThat(log.logStartOffset()).isEqualTo(50L);
    }

    @Test
    void rollsByTheTimeOfItsRecords() {
        log.updateConfig(SMALL.toBuilder().segmentMs(1000L).build());
        lead(Batches.plain(1, 5000L));
        lead(Batches.plain(1, 6000L));
        assertThat(log.numberOfSegments()).isEqualTo(1);
        lead(Batches.plain(1, 6001L));
        assertThat(log.numberOfSegments()).isEqualTo(2);
    }

    @Test
    void keepsTheTopicIdAndRefusesAnother() {
        Uuid id = Uuid.randomUuid();
        log.assignTopicId(id);
        reopen(SMALL);
        assertThat(log.topicId()).isEqualTo(id);
        assertThatThrownBy(() -> log.assignTopicId(Uuid.randomUuid())).isInstanceOf(InconsistentTopicIdException.class);
    }

    @Test
    void movesTheRecoveryPointWhenItFlushes() {
        lead(Batches.plain(3, 1L));
        assertThat(log.recoveryPoint()).isZero();
        log.flush();
        assertThat(log.recoveryPoint()).isEqualTo(3L);
    }
}
