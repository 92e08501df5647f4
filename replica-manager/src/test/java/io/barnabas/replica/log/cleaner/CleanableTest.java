// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.local.LocalPartitionLog;
import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which logs are cleaned, up to where, and which first. */
class CleanableTest {
    @TempDir
    Path dir;

    private CleanerLab lab;

    @BeforeEach
    void open() {
        lab = new CleanerLab(CleanerLab.COMPACT, dir);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theActiveSegmentIsNotCleaned() throws IOException {
        lab.append("a", "1");
        lab.append("a", "2");
        assertThat(range(OptionalLong.empty()).firstUncleanable()).isZero();

        lab.roll();
        assertThat(range(OptionalLong.empty()).firstUncleanable()).isEqualTo(2);
    }

    @Test
    void whatIsNotReplicatedIsNotCleaned() throws IOException {
        lab.append("a", "1");
        lab.roll();
        lab.log()
                .appendAsLeader(
                        MemoryRecords.withRecords(Compression.NONE, CleanerLab.record(1, "a", "2")),
                        0,
                        AppendOrigin.CLIENT);
        lab.log().roll();

        assertThat(range(OptionalLong.empty())).isEqualTo(new CleanableRange(0, 1, false));
    }

    @Test
    void segmentsWithRecordsYoungerThanTheMinimumLagAreNotCleaned() throws IOException {
        config(CleanerLab.COMPACT.toBuilder().minCompactionLagMs(1_000));
        lab.append("a", "1");
        lab.roll();
        lab.advance(600);
        lab.append("a", "2");
        lab.roll();
        lab.advance(400);
        assertThat(range(OptionalLong.empty()).firstUncleanable()).isEqualTo(1);

        lab.advance(600);
        assertThat(range(OptionalLong.empty()).firstUncleanable()).isEqualTo(2);
    }

    @Test
    void aCheckpointBeforeTheLogStartOrBeyondItsEndBeginsAtTheStart() throws IOException {
        lab.append("a", "1");
        lab.append("a", "2");
        lab.append("a", "3");
        lab.roll();
        lab.log()
                .maybeIncrementLogStartOffset(
                        1, io.barnabas.replica.log.LogStartOffsetIncrementReason.CLIENT_RECORD_DELETION);

        assertThat(range(OptionalLong.of(0))).isEqualTo(new CleanableRange(1, 3, true));
        assertThat(range(OptionalLong.of(4))).isEqualTo(new CleanableRange(1, 3, true));
        assertThat(range(OptionalLong.of(3))).isEqualTo(new CleanableRange(3, 3, false));
    }

    @Test
    void anInvalidCheckpointIsCorrectedOnDisk() {
        lab.append("a", "1");
        lab.context.checkpoints().update(dir, CleanerLab.PARTITION, 9, lab.context.partitions(), () -> true);
        assertThat(lab.worker.cleanFilthiest()).isFalse();

        assertThat(lab.context.checkpoints().get(dir, CleanerLab.PARTITION)).hasValue(0);
    }

    @Test
    void isDueByItsDirtyRatio() throws IOException {
        config(CleanerLab.COMPACT.toBuilder().minCleanableDirtyRatio(0.5));
        for (int i = 0; i < 4; i++) {
            lab.append("a", "1");
            lab.roll();
        }
        assertThat(measure(OptionalLong.of(2)).cleanableRatio()).isEqualTo(0.5);
        assertThat(measure(OptionalLong.of(2)).isDue())
                .as("exactly the ratio is not enough")
                .isFalse();
        assertThat(measure(OptionalLong.of(1)).isDue()).isTrue();
    }

    @Test
    void isDueWhenTheMaximumLagIsPassed() throws IOException {
        config(CleanerLab.COMPACT.toBuilder().minCleanableDirtyRatio(1.0).maxCompactionLagMs(1_000));
        lab.append("a", "1");
        lab.roll();
        lab.advance(1_000);
        assertThat(measure(OptionalLong.empty()).isDue()).isFalse();

        lab.advance(1);
        assertThat(measure(OptionalLong.empty()).overdueMs()).isEqualTo(1);
        assertThat(measure(OptionalLong.empty()).isDue()).isTrue();
        lab.clean();
        assertThat(measure(OptionalLong.of(1)).isDue()).isFalse();
    }

    @Test
    void segmentsAreRolledInTimeForTheMaximumLag() {
        assertThat(LogConfig.builder()
                        .compact(true)
                        .maxCompactionLagMs(5)
                        .segmentMs(9)
                        .build()
                        .maxSegmentMs())
                .isEqualTo(5);
        assertThat(LogConfig.builder()
                        .maxCompactionLagMs(5)
                        .segmentMs(9)
                        .build()
                        .maxSegmentMs())
                .isEqualTo(9);
    }

    @Test
    void theFilthiestLogIsCleanedFirst() throws IOException {
        org.apache.kafka.common.TopicPartition filthy = new org.apache.kafka.common.TopicPartition("filthy", 0);
        lab.append("a", "1");
        lab.roll();
        lab.append("a", "2");
        lab.roll();
        lab.context.checkpoints().update(dir, CleanerLab.PARTITION, 1, lab.context.partitions(), () -> true);
        LocalPartitionLog other = lab.log(filthy);
        other.appendAsLeader(
                MemoryRecords.withRecords(Compression.NONE, CleanerLab.record(1, "a", "2")), 0, AppendOrigin.CLIENT);
        other.roll();
        other.updateHighWatermark(other.logEndOffset());

        assertThat(lab.worker.cleanFilthiest()).isTrue();

        assertThat(lab.context.checkpoints().get(dir, filthy)).hasValue(1);
        assertThat(lab.context.checkpoints().get(dir, CleanerLab.PARTITION)).hasValue(1);
    }

    @Test
    void logsThatAreNotCompactedAreLeftAlone() {
        lab.config = LogConfig.builder().build();
        lab.append("a", "1");
        lab.append("a", "2");
        lab.roll();

        assertThat(lab.worker.cleanFilthiest()).isFalse();
        assertThat(CleanerLab.records(lab.log())).hasSize(2);
    }

    @Test
    void smallSegmentsAreMergedUpToTheSegmentSize() throws IOException {
        for (int i = 0; i < 20; i++) {
            lab.append("key" + i, "value");
            lab.roll();
        }
        int one = lab.log().segments().get(0).size();
        List<List<LogSegment>> groups =
                new SegmentGroups(3 * one + 20, 10_000, 20).of(lab.log().segments(0, 20));
        assertThat(groups).allMatch(group -> group.size() <= 3);

        lab.clean();
        assertThat(lab.log().numberOfSegments()).isLessThan(20 * one / 500 + 4);
        assertThat(CleanerLab.records(lab.log())).hasSize(20);
    }

    @Test
    void aGroupsIndexesAndOffsetsStayWithinBounds() throws IOException {
        lab.config = CleanerLab.COMPACT.toBuilder().indexIntervalBytes(0).build();
        for (int i = 0; i < 4; i++) {
            lab.append("key" + i, "value");
            lab.append("key" + i, "value");
            lab.roll();
        }
        List<LogSegment> segments = lab.log().segments(0, 8);
        assertThat(segments.get(0).offsetIndexBytes()).isPositive();

        assertThat(new SegmentGroups(Integer.MAX_VALUE, segments.get(0).timeIndexBytes(), 8).of(segments))
                .hasSize(4);
        assertThat(new SegmentGroups(Integer.MAX_VALUE, 1_000_000, 8).of(segments))
                .hasSize(1);
        assertThat(new SegmentGroups(Integer.MAX_VALUE, 1_000_000, 1L << 40).of(segments))
                .as("the last segment's end is only known to lie below 2^40")
                .hasSize(2);
    }

    private void config(io.barnabas.replica.log.LogConfigBuilder config) {
        lab.config = config.build();
        lab.log();
    }

    private CleanableRange range(OptionalLong checkpoint) throws IOException {
        return CleanableRange.of(lab.log(), checkpoint, lab.nowMs);
    }

    private LogToClean measure(OptionalLong checkpoint) throws IOException {
        return LogToClean.of(lab.log(), checkpoint, lab.nowMs);
    }
}
