// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.InvalidRecordsException;
import io.barnabas.replica.log.LogAppendInfo;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.RecordsLook;
import io.barnabas.replica.log.RecordsVerdict;
import io.barnabas.replica.log.TimestampAndOffset;
import io.barnabas.replica.log.VerificationGuard;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Headers of batches that say other than their records, in every compression: the records are what counts. */
class BeliedHeadersTest {
    private static final int CRC = 17;
    private static final int AFTER_CRC = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int MAX_TIMESTAMP = 35;
    private static final int COUNT = 57;
    private static final long UNSET = -1L;
    private static final long HOUR_MS = 3_600_000L;
    private static final long NOW_MS = 1_700_000_000_000L;

    @TempDir
    Path directory;

    private TestLogs logs;
    private LocalPartitionLog log;

    @BeforeEach
    void open() {
        logs = new TestLogs(directory);
        logs.nowMs = NOW_MS;
        log = logs.open(LogConfig.DEFAULT, false, 0L);
    }

    @AfterEach
    void close() {
        log.close();
        logs.close();
    }

    /** Three records at +0, +20 and +10 ms, with another maximum in the header. */
    private static MemoryRecords belied(CompressionType codec, long producerId, int sequence, long from, long max) {
        Compression compression = Compression.of(codec).build();
        SimpleRecord[] records = {record(from), record(from + 20), record(from + 10)};
        ByteBuffer bytes = (producerId < 0
                        ? MemoryRecords.withRecords(compression, records)
                        : MemoryRecords.withIdempotentRecords(compression, producerId, (short) 0, sequence, records))
                .buffer();
        return sealed(bytes.putLong(MAX_TIMESTAMP, max));
    }

    private static SimpleRecord record(long timestamp) {
        return new SimpleRecord(timestamp, new byte[] {1}, new byte[] {2});
    }

    private static MemoryRecords sealed(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(AFTER_CRC));
        return MemoryRecords.readableRecords(bytes.putInt(CRC, (int) crc.getValue()));
    }

    private LogAppendInfo append(MemoryRecords records) {
        return log.appendAsLeader(records, 0, AppendOrigin.CLIENT);
    }

    private long offsetAt(long timestamp) {
        return log.offsetForTimestamp(timestamp).orElseThrow().offset();
    }

    private void appendThree(CompressionType codec, long by) {
        for (long from : new long[] {0, 100, 200}) {
            append(belied(codec, -1, 0, NOW_MS + from, by == UNSET ? UNSET : NOW_MS + from + by));
        }
    }

    private void findsTheRecords() {
        assertThat(offsetAt(NOW_MS + 5)).isEqualTo(1);
        assertThat(offsetAt(NOW_MS + 50)).isEqualTo(3);
        assertThat(offsetAt(NOW_MS + 205)).isEqualTo(7);
        assertThat(log.offsetForTimestamp(TimestampAndOffset.MAX_TIMESTAMP)).hasValueSatisfying(found -> {
            assertThat(found.offset()).isEqualTo(7);
            assertThat(found.timestamp()).isEqualTo(NOW_MS + 220);
        });
        assertThat(log.offsetForTimestamp(NOW_MS + 221)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void maximumUnset(CompressionType codec) {
        appendThree(codec, UNSET);
        findsTheRecords();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void maximumTooEarly(CompressionType codec) {
        appendThree(codec, 0);
        findsTheRecords();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void maximumTooLate(CompressionType codec) {
        appendThree(codec, 24 * HOUR_MS);
        findsTheRecords();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void oldRecordsGoWhateverTheHeaderSays(CompressionType codec) {
        log.updateConfig(LogConfig.builder().retentionMs(HOUR_MS).build());
        append(belied(codec, -1, 0, NOW_MS - 48 * HOUR_MS, UNSET));
        append(belied(codec, -1, 0, NOW_MS - 48 * HOUR_MS, NOW_MS + 24 * HOUR_MS));
        log.updateHighWatermark(log.logEndOffset());
        log.deleteOldSegments();
        assertThat(log.logStartOffset()).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void recordsAreJudgedByTheirOwnTimes(CompressionType codec) {
        log.updateConfig(LogConfig.builder().messageTimestampAfterMaxMs(HOUR_MS).build());
        assertThatThrownBy(() -> append(belied(codec, -1, 0, NOW_MS + 48 * HOUR_MS, UNSET)))
                .isInstanceOfSatisfying(InvalidRecordsException.class, e -> {
                    assertThat(e.error()).isInstanceOf(InvalidTimestampException.class);
                    assertThat(e.recordErrors()).hasSize(3);
                });
        append(belied(codec, -1, 0, NOW_MS, NOW_MS + 48 * HOUR_MS));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void producersAreRememberedFromTheirRecordsOn(CompressionType codec) {
        logs.expirationMs = 60_000;
        append(belied(codec, 9, 0, NOW_MS, UNSET));
        logs.advance(30_000);
        log.removeExpiredProducers(logs.nowMs);
        assertThat(append(belied(codec, 9, 0, NOW_MS, UNSET)).duplicate()).isTrue();
        log.close();
        log = logs.open(LogConfig.DEFAULT, true, 3L);
        assertThat(append(belied(codec, 9, 0, NOW_MS, UNSET)).duplicate()).isTrue();
        assertThat(log.logEndOffset()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aCountThatIsNotTrueIsRefused(CompressionType codec) {
        for (int more : new int[] {-1, 1, 1000}) {
            ByteBuffer bytes = belied(codec, -1, 0, NOW_MS, NOW_MS).buffer();
            bytes.putInt(COUNT, 3 + more).putInt(LAST_OFFSET_DELTA, 2 + more);
            assertThatThrownBy(() -> append(sealed(bytes))).isInstanceOf(InvalidRecordException.class);
        }
        assertThat(log.logEndOffset()).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void headersAreBelievedIfSoConfiguredUnlessTheyCannotBe(CompressionType codec) {
        RecordsLook believing = new RecordsLook(Long.MAX_VALUE, Long.MAX_VALUE, true);
        MemoryRecords early = belied(codec, -1, 0, NOW_MS, NOW_MS);
        assertThat(log.judge(early, AppendOrigin.CLIENT, believing)).isEqualTo(RecordsVerdict.good(NOW_MS));
        MemoryRecords unset = belied(codec, -1, 0, NOW_MS, UNSET);
        assertThat(log.judge(unset, AppendOrigin.CLIENT, believing)).isEqualTo(RecordsVerdict.good(NOW_MS + 20));
        log.updateConfig(LogConfig.builder().compact(true).build());
        assertThat(log.judge(early, AppendOrigin.CLIENT, believing)).isEqualTo(RecordsVerdict.good(NOW_MS + 20));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whatWasJudgedBeforeIsAppendedSo(CompressionType codec) {
        MemoryRecords records = belied(codec, -1, 0, NOW_MS, UNSET);
        RecordsVerdict verdict = log.judge(records, AppendOrigin.CLIENT, RecordsLook.WHOLE);
        append(belied(codec, -1, 0, NOW_MS - 500, UNSET));
        log.appendAsLeader(records, 0, AppendOrigin.CLIENT, VerificationGuard.NOT_REQUIRED, verdict);
        assertThat(offsetAt(NOW_MS + 15)).isEqualTo(4);
    }
}
