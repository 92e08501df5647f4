// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.DiskBlocks;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.blocks.BlockAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BlocksAheadTest {
    private static final int MIB = 1024 * 1024;
    private static final LogConfig CONFIG =
            LogConfig.builder().segmentBytes(32 * MIB).maxMessageBytes(2 * MIB).build();

    @TempDir
    Path dir;

    private final List<Long> reserved = Collections.synchronizedList(new ArrayList<>());
    private volatile long reservedTo;
    private TestLogs logs;
    private LocalPartitionLog log;

    @BeforeEach
    void create() {
        logs = new TestLogs(dir);
    }

    @AfterEach
    void close() {
        logs.close();
    }

    private void open(BlockAllocator allocator) {
        logs.blocks = new BlocksAhead.Policy(allocator, 3 * MIB);
        log = logs.open(CONFIG, true, 0L);
    }

    private boolean note(Path file, long from, long bytes) {
        assertThat(file).exists();
        reservedTo = from + bytes;
        return reserved.add(bytes);
    }

    /** Appends batches of about 1 MiB, and lets what they cause in the background happen after each. */
    private void append(int batches) {
        for (int i = 0; i < batches; i++) {
            lead();
            logs.settle();
        }
    }

    private void lead() {
        byte[] value = new byte[MIB - 100];
        log.appendAsLeader(
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(5L, value)), 7, AppendOrigin.CLIENT);
    }

    @Test
    void aQuarterOfWhatIsThereWhenHalfOfTheLastIsUsedAndNoMoreThanTheLimit() {
        open(this::note);

        append(4);
        assertThat(reserved).isEmpty();
        append(1);
        assertThat(reserved).hasSize(1).allSatisfy(bytes -> assertThat(bytes).isBetween((long) MIB, 5L * MIB / 4));
        append(1);
        assertThat(reserved).hasSize(2);
        append(10);
        assertThat(reserved).hasSizeBetween(7, 9).contains(3L * MIB);
    }

    @Test
    void noMoreThanFitsIntoTheSegmentAndTheNextStartsSmall() {
        open(this::note);

        append(31);
        assertThat(reservedTo).isEqualTo(32L * MIB);
        int before = reserved.size();
        append(5);
        assertThat(log.numberOfSegments()).isEqualTo(2);
        assertThat(reserved).hasSize(before);
    }

    @Test
    void nothingOnAVolumeThatHasNotPlentyAndWhatCannotBeHadIsAskedForLater() {
        long[] usable = {63 * MIB + MIB};
        logs.room = new DiskSpace(dir, MIB, () -> usable[0], EventSink.NONE);
        open(this::note);
        append(6);
        assertThat(reserved).isEmpty();

        usable[0] = 1024L * MIB;
        append(2);

        assertThat(reserved).isNotEmpty();
    }

    @Test
    void nothingWhenSwitchedOff() {
        logs.blocks = new BlocksAhead.Policy(this::note, 0);
        log = logs.open(CONFIG, true, 0L);

        append(10);

        assertThat(reserved).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatIsNotUsedGoesBackWhenASegmentIsRolledOrClosed() {
        open(BlockAllocator.ofThisSystem());
        append(8);
        Path first = log.activeSegment().file();
        assertThat(DiskBlocks.bytes(first)).isGreaterThan(first.toFile().length() + MIB);

        log.roll();
        logs.settle();
        assertThat(DiskBlocks.bytes(first)).isLessThan(first.toFile().length() + MIB / 2);

        append(8);
        Path second = log.activeSegment().file();
        assertThat(DiskBlocks.bytes(second)).isGreaterThan(second.toFile().length() + MIB);
        log.close();
        assertThat(DiskBlocks.bytes(second)).isLessThan(second.toFile().length() + MIB / 2);
        assertThat(logs.failures).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatACrashLeftReservedGoesBackToo() {
        open(BlockAllocator.ofThisSystem());
        append(8);
        Path file = log.activeSegment().file();
        logs.crash(log);
        log = logs.open(CONFIG, false, 0L);
        assertThat(DiskBlocks.bytes(file)).isGreaterThan(file.toFile().length() + MIB);

        log.close();

        assertThat(DiskBlocks.bytes(file)).isLessThan(file.toFile().length() + MIB / 2);
        log = logs.open(CONFIG, true, 0L);
        assertThat(TestLogs.values(log, 0L)).hasSize(8);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSegmentThatATruncationMadeTheActiveOneAgainLosesNothingAndGetsBlocksAgain() {
        open(BlockAllocator.ofThisSystem());
        append(8);
        CountDownLatch later = new CountDownLatch(1);
        logs.background.execute(() -> await(later));
        log.roll();
        lead();
        log.truncateTo(7L);
        lead();
        Path first = log.activeSegment().file();
        assertThat(first.getFileName()).hasToString("00000000000000000000.log");

        later.countDown();
        logs.settle();

        assertThat(DiskBlocks.bytes(first)).isGreaterThan(first.toFile().length() + MIB);
        assertThat(TestLogs.values(log, 0L)).hasSize(8);
        assertThat(logs.failures).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
