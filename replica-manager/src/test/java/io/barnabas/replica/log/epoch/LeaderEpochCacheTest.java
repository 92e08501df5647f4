// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.EpochEndOffset;
import io.barnabas.replica.log.EpochEntry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderEpochCacheTest {
    @TempDir
    Path dir;

    private LeaderEpochCache cache;

    @BeforeEach
    void epochsOneThreeAndFive() throws IOException {
        cache = LeaderEpochCache.load(dir);
        cache.assign(1, 10L);
        cache.assign(3, 20L);
        cache.assign(5, 30L);
    }

    @Test
    void endsTheLastEpochAtTheLogsEnd() {
        assertThat(cache.endOffsetFor(5, 44L)).contains(new EpochEndOffset(5, 44L));
    }

    @Test
    void endsAnEpochWhereTheNextBegins() {
        assertThat(cache.endOffsetFor(3, 44L)).contains(new EpochEndOffset(3, 30L));
    }

    @Test
    void answersAnUnknownEpochWithTheLargestBelowIt() {
        assertThat(cache.endOffsetFor(4, 44L)).contains(new EpochEndOffset(3, 30L));
    }

    @Test
    void answersAnEpochOlderThanAllWithTheFirstStart() {
        assertThat(cache.endOffsetFor(0, 44L)).contains(new EpochEndOffset(0, 10L));
    }

    @Test
    void knowsNothingOfAnEpochYetToCome() {
        assertThat(cache.endOffsetFor(6, 44L)).isEmpty();
    }

    @Test
    void dropsEpochsThatConflictWithANewOne() {
        cache.assign(4, 25L);
        assertThat(cache.entries())
                .containsExactly(new EpochEntry(1, 10L), new EpochEntry(3, 20L), new EpochEntry(4, 25L));
    }

    @Test
    void keepsTheStartOfAnEpochAssignedAgain() {
        assertThat(cache.assign(5, 35L)).isFalse();
        assertThat(cache.entries()).contains(new EpochEntry(5, 30L));
    }

    @Test
    void truncatesBothEndsAndReadsItBack() throws IOException {
        cache.truncateFromEnd(30L);
        cache.truncateFromStart(15L);
        cache.flush(true);
        assertThat(LeaderEpochCache.load(dir).entries())
                .containsExactly(new EpochEntry(1, 15L), new EpochEntry(3, 20L));
    }
}
