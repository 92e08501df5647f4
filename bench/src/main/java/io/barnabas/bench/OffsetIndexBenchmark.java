// SPDX-License-Identifier: Apache-2.0
package io.barnabas.bench;

import io.barnabas.replica.log.file.LogLock;
import io.barnabas.replica.log.index.OffsetIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** From an offset to a position in a segment's file: at the end, where readers that keep up are, and anywhere. */
public class OffsetIndexBenchmark extends HotPiece {
    private static final int BYTES_BETWEEN = 4096;
    private static final int OFFSETS_BETWEEN = 4;

    /** A segment of 1 GiB has 262,144 entries. */
    @Param({"1000", "262144"})
    public int entries;

    private final SplittableRandom random = new SplittableRandom(42);
    private Path file;
    private OffsetIndex index;

    @Setup
    public void fill() throws IOException {
        file = Files.createTempDirectory("bench").resolve("00000000000000000000.index");
        index = new OffsetIndex(file, 0, entries * OffsetIndex.ENTRY_SIZE, new LogLock());
        for (int i = 1; i < entries; i++) {
            index.append((long) i * OFFSETS_BETWEEN, i * BYTES_BETWEEN);
        }
    }

    @TearDown
    public void delete() throws IOException {
        index.close();
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.getParent());
    }

    @Benchmark
    public int atTheEnd() throws IOException {
        return index.lookup((long) entries * OFFSETS_BETWEEN);
    }

    @Benchmark
    public int anywhere() throws IOException {
        return index.lookup(random.nextLong((long) entries * OFFSETS_BETWEEN));
    }
}
