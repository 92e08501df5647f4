// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogReadInfo;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.record.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentLogTest {
    private static final LogConfig SMALL =
            LogConfig.builder().segmentBytes(20_000).indexIntervalBytes(200).build();
    private static final int RECORDS = 9_000;

    @TempDir
    Path dir;

    @Test
    void readersFollowAWriterWithoutLossOrRepetition() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try (TestLogs logs = new TestLogs(dir)) {
            LocalPartitionLog log = logs.open(SMALL, true, 0L);
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(pool.submit((Callable<Integer>) () -> follow(log)));
            }
            for (int i = 0; i < RECORDS / 3; i++) {
                log.appendAsLeader(Batches.plain(3, i), 0, AppendOrigin.CLIENT);
                log.maybeIncrementHighWatermark(log.logEndOffsetMetadata());
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isEqualTo(RECORDS);
            }
            assertThat(logs.failures).isEmpty();
        } finally {
            pool.shutdownNow();
        }
    }

    private static int follow(LocalPartitionLog log) throws IOException {
        long next = 0;
        while (next < RECORDS) {
            LogReadInfo read = log.read(next, 3000, FetchIsolation.HIGH_WATERMARK, true);
            for (Record record : read.records().toMemoryRecords().records()) {
                if (record.offset() > next) {
                    throw new AssertionError("after " + next + " came " + record.offset());
                }
                next = record.offset() + 1;
            }
            if (next > read.highWatermark()) {
                throw new AssertionError("read " + next + " beyond the high watermark " + read.highWatermark());
            }
            Thread.onSpinWait();
        }
        return (int) next;
    }

    @Test
    void readsTheCleanedSegmentsInThePlaceOfTheOld() throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            LocalPartitionLog log = logs.open(SMALL, true, 0L);
            for (int i = 0; i < 600; i++) {
                log.appendAsLeader(Batches.plain(3, i), 0, AppendOrigin.CLIENT);
            }
            List<String> before = TestLogs.values(log, 0L);
            List<LogSegment> old = log.segments().subList(0, 2);
            long nextBase = log.segments().get(2).baseOffset();
            LogSegment cleaned = log.createCleanedSegment(0L);
            keepEveryOtherBatch(log, nextBase, cleaned);
            cleaned.seal();
            assertThat(log.replaceSegments(List.of(cleaned), old, () -> true)).isTrue();
            List<String> after = TestLogs.values(log, 0L);
            assertThat(after).hasSizeLessThan(before.size()).isSubsetOf(before);
            assertThat(after).contains("0:value0-0").doesNotContain("3:value1-0");
            logs.crash(log);
            LocalPartitionLog again = logs.open(SMALL, false, 0L);
            assertThat(TestLogs.values(again, 0L)).isEqualTo(after);
        }
    }

    private static void keepEveryOtherBatch(LocalPartitionLog log, long upTo, LogSegment target) throws IOException {
        boolean keep = true;
        for (long offset = 0; offset < upTo; ) {
            var batches =
                    log.read(offset, 1, FetchIsolation.LOG_END, true).records().toMemoryRecords();
            var batch = batches.batches().iterator().next();
            if (keep) {
                int position = target.append(batches.buffer());
                target.appended(
                        batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp(), position, batch.sizeInBytes());
            }
            keep = !keep;
            offset = batch.nextOffset();
        }
    }
}
