// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.segment.SegmentFiles;
import io.barnabas.replica.testing.ScratchDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a crash does to the unflushed end, what comes back is a prefix of what was appended, and it goes on. */
class CrashRecoveryTest {
    /** Lies in the second segment. */
    private static final long FLUSHED = 40L;

    private static final LogConfig SMALL =
            LogConfig.builder().segmentBytes(1500).indexIntervalBytes(150).build();

    private static List<Path> logFiles(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.log")) {
            found.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    /** Thirty batches over three segments; the checkpoint says the first is flushed; then the process is gone. */
    private static List<String> crashed(TestLogs logs, long[] recoveryPoint) {
        LocalPartitionLog log = logs.open(SMALL, true, 0L);
        for (int i = 0; i < 30; i++) {
            log.appendAsLeader(Batches.idempotent(5L, 0, i * 3, 3, logs.nowMs + i), 1 + i / 10, AppendOrigin.CLIENT);
        }
        log.flush();
        recoveryPoint[0] = FLUSHED;
        List<String> values = TestLogs.values(log, 0L);
        logs.crash(log);
        return values;
    }

    private static void checkRecovered(TestLogs logs, List<String> written, long recoveryPoint, int atLeast) {
        LocalPartitionLog log = logs.open(SMALL, false, recoveryPoint);
        List<String> recovered = TestLogs.values(log, 0L);
        assertThat(recovered).hasSizeGreaterThanOrEqualTo(atLeast).isEqualTo(written.subList(0, recovered.size()));
        assertThat(log.logEndOffset()).isEqualTo(recovered.size());
        int next = log.activeProducer(5L).map(it -> it.lastSequence() + 1).orElse(0);
        assertThat(next).isEqualTo(recovered.size());
        log.appendAsLeader(Batches.idempotent(5L, 0, next, 3, 1L), 9, AppendOrigin.CLIENT);
        log.close();
        LocalPartitionLog again = logs.open(SMALL, true, 0L);
        assertThat(TestLogs.values(again, 0L)).hasSize(recovered.size() + 3);
        again.closeHandles();
    }

    @Property(tries = 60)
    void survivesTruncationOfTheLastSegmentsAtAnyByte(
            @ForAll @IntRange(min = 0, max = 1) int fromEnd, @ForAll @IntRange(min = 0, max = 1500) int bytes)
            throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create();
                TestLogs logs = new TestLogs(scratch.path())) {
            long[] recoveryPoint = new long[1];
            List<String> written = crashed(logs, recoveryPoint);
            List<Path> files = logFiles(logs.directory);
            Path file = files.get(files.size() - 1 - fromEnd);
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                // a segment in the midst is torn within a batch: a loss at its boundary cannot be told from compaction
                access.setLength(fromEnd == 0 ? Math.min(bytes, access.length()) : access.length() - 1 - bytes % 50);
            }
            checkRecovered(logs, written, recoveryPoint[0], 0);
        }
    }

    @Property(tries = 60)
    void cutsTheLogAtTheFirstFlippedBit(@ForAll @IntRange(min = 0, max = 1499) int at, @ForAll boolean last)
            throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create();
                TestLogs logs = new TestLogs(scratch.path())) {
            long[] recoveryPoint = new long[1];
            List<String> written = crashed(logs, recoveryPoint);
            List<Path> files = logFiles(logs.directory);
            Path file = files.get(files.size() - (last ? 1 : 2));
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                int position = (int) (at % access.length());
                access.seek(8);
                int batchBytes = access.readInt() + 12;
                if (position % batchBytes < 8) {
                    // the base offset is not covered by the CRC
                    position += 8;
                }
                access.seek(position);
                int old = access.read();
                access.seek(position);
                access.write(old ^ 0x55);
            }
            // a leader epoch is not covered by the CRC: then the batch is whole and stays
            LocalPartitionLog log = logs.open(SMALL, false, recoveryPoint[0]);
            List<String> recovered = TestLogs.values(log, 0L);
            assertThat(recovered).hasSizeGreaterThanOrEqualTo(30).isEqualTo(written.subList(0, recovered.size()));
            log.closeHandles();
        }
    }

    @Property(tries = 20)
    void cutsOffZerosAtTheEnd(@ForAll @IntRange(min = 1, max = 5000) int zeros) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create();
                TestLogs logs = new TestLogs(scratch.path())) {
            long[] recoveryPoint = new long[1];
            List<String> written = crashed(logs, recoveryPoint);
            List<Path> files = logFiles(logs.directory);
            try (RandomAccessFile access =
                    new RandomAccessFile(files.get(files.size() - 1).toFile(), "rw")) {
                access.setLength(access.length() + zeros);
            }
            checkRecovered(logs, written, recoveryPoint[0], 90);
        }
    }

    @Test
    void rebuildsIndexesThatAreMissingOrPreallocatedOrBroken(@TempDir Path dir) throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            long[] recoveryPoint = new long[1];
            List<String> written = crashed(logs, recoveryPoint);
            List<Path> files = logFiles(logs.directory);
            Files.deleteIfExists(index(files.get(0), SegmentFiles.INDEX));
            Files.write(index(files.get(1), SegmentFiles.INDEX), new byte[13]);
            Files.write(index(files.get(1), SegmentFiles.TIME_INDEX), new byte[7]);
            Files.write(index(files.get(files.size() - 1), SegmentFiles.INDEX), new byte[8000]);
            Files.deleteIfExists(index(files.get(2), ".snapshot"));
            Files.write(logs.directory.resolve("00000000000000009999.index"), new byte[8]);
            checkRecovered(logs, written, recoveryPoint[0], 90);
            assertThat(logs.directory.resolve("00000000000000009999.index")).doesNotExist();
        }
    }

    @Test
    void rebuildsAMissingIndexAfterACleanShutdownToo(@TempDir Path dir) throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            LocalPartitionLog log = logs.open(SMALL, true, 0L);
            for (int i = 0; i < 30; i++) {
                log.appendAsLeader(Batches.plain(3, 1000L + i * 10L), 1, AppendOrigin.CLIENT);
            }
            log.close();
            Path index = index(logFiles(logs.directory).get(1), SegmentFiles.INDEX);
            byte[] before = Files.readAllBytes(index);
            Files.delete(index);
            LocalPartitionLog again = logs.open(SMALL, true, 0L);
            assertThat(Files.readAllBytes(index)).isEqualTo(before);
            assertThat(TestLogs.values(again, 0L)).hasSize(90);
        }
    }

    @Test
    void scansOnlyWhatLiesBeyondTheRecoveryPoint(@TempDir Path dir) throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            long[] recoveryPoint = new long[1];
            List<String> written = crashed(logs, recoveryPoint);
            Path first = logFiles(logs.directory).get(0);
            try (RandomAccessFile access = new RandomAccessFile(first.toFile(), "rw")) {
                access.seek(70);
                access.write(0x7f);
            }
            LocalPartitionLog log = logs.open(SMALL, false, recoveryPoint[0]);
            assertThat(log.logEndOffset()).isEqualTo(written.size());
        }
    }

    @Test
    void deletesWhatACrashLeftOver(@TempDir Path dir) throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            long[] recoveryPoint = new long[1];
            List<String> written = crashed(logs, recoveryPoint);
            Files.write(logs.directory.resolve("00000000000000000000.log.deleted"), new byte[9]);
            Files.write(logs.directory.resolve("00000000000000000000.log.cleaned"), new byte[9]);
            Files.write(logs.directory.resolve("00000000000000000000.index.cleaned"), new byte[9]);
            Files.write(logs.directory.resolve("00000000000000000005.log.swap"), new byte[9]);
            checkRecovered(logs, written, recoveryPoint[0], 90);
            assertThat(DirectoryListing.files(logs.directory))
                    .noneMatch(it -> it.toString().endsWith(".deleted")
                            || it.toString().endsWith(".cleaned")
                            || it.toString().endsWith(".swap"));
        }
    }

    @Test
    void completesAReplacementThatHadBegun(@TempDir Path dir) throws IOException {
        try (TestLogs logs = new TestLogs(dir)) {
            LocalPartitionLog log = logs.open(SMALL, true, 0L);
            for (int i = 0; i < 30; i++) {
                log.appendAsLeader(Batches.plain(3, 1000L), 1, AppendOrigin.CLIENT);
            }
            log.close();
            List<Path> files = logFiles(logs.directory);
            Path first = files.get(0);
            // the cleaner left of the first segment what was in it, and renamed it; then the crash
            Files.copy(first, first.resolveSibling(first.getFileName() + SegmentFiles.SWAP));
            try (RandomAccessFile access = new RandomAccessFile(first.toFile(), "rw")) {
                access.setLength(10);
            }
            LocalPartitionLog again = logs.open(SMALL, false, 90L);
            assertThat(TestLogs.values(again, 0L)).hasSize(90);
            assertThat(first.resolveSibling(first.getFileName() + SegmentFiles.SWAP))
                    .doesNotExist();
        }
    }

    @Test
    void startsAnewAtItsStartOffsetWhenTheFilesAreGone(@TempDir Path dir) {
        try (TestLogs logs = new TestLogs(dir)) {
            LocalPartitionLog log = logs.open(SMALL, new LogLoader.LoadRequest(false, 500L, 600L, 700L, false));
            assertThat(log.logStartOffset()).isEqualTo(500L);
            assertThat(log.logEndOffset()).isEqualTo(500L);
            assertThat(log.highWatermark()).isEqualTo(500L);
        }
    }

    private static Path index(Path log, String type) {
        return log.resolveSibling(log.getFileName().toString().replace(".log", type));
    }
}
