// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogStartOffsetIncrementReason;
import io.barnabas.replica.log.TimestampAndOffset;
import io.barnabas.replica.testing.ScratchDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random operations on a log, compared with a list of records. */
class LogModelTest {
    private static final LogConfig SMALL =
            LogConfig.builder().segmentBytes(900).indexIntervalBytes(120).build();

    private record Expected(long offset, String value, long timestamp, int epoch) {}

    private final List<Expected> model = new ArrayList<>();
    private LocalPartitionLog log;
    private long start;
    private long end;
    private int epoch;

    @Property(tries = 40)
    void behavesLikeAListOfRecords(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        model.clear();
        start = 0;
        end = 0;
        epoch = 0;
        try (ScratchDirectory scratch = ScratchDirectory.create();
                TestLogs logs = new TestLogs(scratch.path())) {
            log = logs.open(SMALL, true, 0L);
            for (int step = 0; step < 120; step++) {
                act(random, logs);
                check();
            }
            checkTimestamps(random);
            log.closeHandles();
        }
    }

    private void act(Random random, TestLogs logs) {
        switch (random.nextInt(12)) {
            case 0 -> epoch++;
            case 1 -> truncate(start + random.nextLong(end - start + 2));
            case 2 -> {
                log.close();
                reopen(logs, true);
            }
            case 3 -> {
                logs.crash(log);
                reopen(logs, false);
            }
            case 4 -> log.flush();
            case 5 -> deleteRecords(start + random.nextLong(end - start + 1));
            case 6 -> roll();
            default -> append(1 + random.nextInt(4), 1000L + random.nextInt(5000));
        }
    }

    private void roll() {
        if (log.segments().get(log.segments().size() - 1).size() > 0) {
            log.roll();
        }
    }

    private void append(int count, long timestamp) {
        log.appendAsLeader(Batches.plain(count, timestamp), epoch, AppendOrigin.CLIENT);
        for (int i = 0; i < count; i++) {
            model.add(new Expected(end++, "value" + timestamp + "-" + i, timestamp + i, epoch));
        }
    }

    private void truncate(long to) {
        // as followers do: to the end of a batch
        long target = to;
        while (target > start && target < end && !TestBatchEnds.isBoundary(log, target)) {
            target--;
        }
        log.truncateTo(target);
        long cut = target;
        model.removeIf(it -> it.offset() >= cut);
        end = Math.min(end, target);
    }

    private void reopen(TestLogs logs, boolean clean) {
        log = logs.open(SMALL, new LogLoader.LoadRequest(clean, start, log.recoveryPoint(), end, false));
    }

    private void deleteRecords(long to) {
        log.updateHighWatermark(end);
        log.maybeIncrementLogStartOffset(to, LogStartOffsetIncrementReason.CLIENT_RECORD_DELETION);
        log.deleteOldSegments();
        start = Math.max(start, to);
        model.removeIf(it -> it.offset() < start);
    }

    private void check() {
        assertThat(log.logEndOffset()).isEqualTo(end);
        assertThat(log.logStartOffset()).isEqualTo(start);
        assertThat(TestLogs.values(log, start))
                .isEqualTo(
                        model.stream().map(it -> it.offset() + ":" + it.value()).toList());
        for (Expected expected : model) {
            assertThat(log.epochForOffset(expected.offset())).hasValue(expected.epoch());
        }
    }

    private void checkTimestamps(Random random) {
        for (int i = 0; i < 20; i++) {
            long target = 1000L + random.nextInt(5100);
            long expected = model.stream()
                    .filter(it -> it.timestamp() >= target)
                    .mapToLong(Expected::offset)
                    .findFirst()
                    .orElse(-1L);
            assertThat(log.offsetForTimestamp(target)
                            .map(TimestampAndOffset::offset)
                            .orElse(-1L))
                    .as("first offset at %d", target)
                    .isEqualTo(expected);
        }
    }
}
