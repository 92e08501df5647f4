// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.replica.log.file.LogLock;
import io.barnabas.replica.testing.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexPropertyTest {
    private static final long BASE = 1_000_000L;

    @Property(tries = 60)
    void offsetIndexAnswersLikeATreeMapAlsoAfterTruncationAndReopening(
            @ForAll @Size(max = 1500) List<@IntRange(min = 1, max = 50) Integer> gaps,
            @ForAll @IntRange(min = 0, max = 60_000) int cut,
            @ForAll boolean reopen)
            throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            Path file = scratch.path().resolve("00000000000001000000.index");
            OffsetIndex index = new OffsetIndex(file, BASE, 10 * 1024 * 1024, new LogLock());
            TreeMap<Long, Integer> model = new TreeMap<>();
            long offset = BASE - 1;
            int position = 0;
            for (int gap : gaps) {
                offset += gap;
                position += gap * 10;
                index.append(offset, position);
                model.put(offset, position);
            }
            index.truncateTo(BASE + cut);
            model.tailMap(BASE + cut, true).clear();
            if (reopen) {
                index.close();
                assertThat(Files.size(file)).isEqualTo(model.size() * 8L);
                index = new OffsetIndex(file, BASE, 10 * 1024 * 1024, new LogLock());
            }
            assertThat(index.entries()).isEqualTo(model.size());
            for (long target = BASE; target < BASE + 60_000; target += 97) {
                assertThat(index.lookup(target))
                        .isEqualTo(
                                model.floorEntry(target) == null
                                        ? 0
                                        : model.floorEntry(target).getValue());
            }
            assertThat(index.lastOffset()).isEqualTo(model.isEmpty() ? BASE : model.lastKey());
            index.append(BASE + 1_000_000, 7);
            assertThat(index.lookup(BASE + 2_000_000)).isEqualTo(7);
            index.deleteIfExists();
        }
    }

    @Property(tries = 40)
    void timeIndexFindsTheLastEntryNotAboveATimestamp(
            @ForAll @Size(max = 900) List<@IntRange(min = 1, max = 1000) Integer> gaps, @ForAll boolean reopen)
            throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            Path file = scratch.path().resolve("00000000000001000000.timeindex");
            TimeIndex index = new TimeIndex(file, BASE, 10 * 1024 * 1024, new LogLock());
            List<TimeIndex.Entry> model = new ArrayList<>();
            long time = 0;
            for (int i = 0; i < gaps.size(); i++) {
                time += gaps.get(i);
                index.maybeAppend(time, BASE + i * 3L);
                model.add(new TimeIndex.Entry(time, BASE + i * 3L));
            }
            if (reopen) {
                index.close();
                index = new TimeIndex(file, BASE, 10 * 1024 * 1024, new LogLock());
            }
            for (long target = 0; target < time + 2000; target += 501) {
                TimeIndex.Entry expected = new TimeIndex.Entry(-1L, BASE);
                for (TimeIndex.Entry entry : model) {
                    if (entry.timestamp() <= target) {
                        expected = entry;
                    }
                }
                assertThat(index.lookup(target)).isEqualTo(expected);
            }
            index.deleteIfExists();
        }
    }

    @Test
    void refusesAnOffsetThatDoesNotRise(@TempDir Path dir) throws IOException {
        OffsetIndex index = new OffsetIndex(dir.resolve("0.index"), 0L, 1024, new LogLock());
        index.append(10L, 0);
        assertThatThrownBy(() -> index.append(10L, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reportsAnIndexOfBrokenLengthAsCorrupt(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("0.index");
        Files.write(file, new byte[13]);
        OffsetIndex index = new OffsetIndex(file, 0L, 1024, new LogLock());
        assertThatThrownBy(index::entries).isInstanceOf(CorruptIndexException.class);
    }

    @Test
    void collectsAbortedTransactionsThatOverlapAFetch(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("0.txnindex");
        TransactionIndex index = new TransactionIndex(file, 0L, new LogLock());
        index.append(new AbortedTxn(1L, 0L, 10L, 11L));
        index.append(new AbortedTxn(2L, 3L, 20L, 15L));
        index.append(new AbortedTxn(3L, 15L, 35L, 36L));
        TransactionIndex reopened = new TransactionIndex(file, 0L, new LogLock());
        List<AbortedTxn> found = new ArrayList<>();
        assertThat(reopened.collect(12L, 16L, found)).isTrue();
        assertThat(found).extracting(AbortedTxn::producerId).containsExactly(2L, 3L);
        assertThat(Files.size(file)).isEqualTo(3L * 34);
        reopened.truncateTo(20L);
        assertThat(new TransactionIndex(file, 0L, new LogLock()).all())
                .extracting(AbortedTxn::producerId)
                .containsExactly(1L);
    }
}
