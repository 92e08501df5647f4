// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What share of the processors' time the host of a virtual machine gave to others ("steal" in {@code /proc/stat}), from
 * one question to the next. Where it is much, a figure says more about the host than about the system. Owned by one thread.
 */
public final class StolenTime {
    private static final Path STAT = Path.of("/proc/stat");
    /** user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of user and nice. */
    private static final int FIELDS = 8;

    private final Path stat;
    private long[] before;

    /** Begins now. */
    public StolenTime() {
        this(STAT);
    }

    StolenTime(Path stat) {
        this.stat = stat;
        this.before = ticks();
    }

    /** Percent since the last question, or the beginning; NaN where no host has ever taken any, or none can be asked. */
    public double percent() {
        long[] now = ticks();
        long stolen = now[FIELDS - 1] - before[FIELDS - 1];
        long all = LongStream.of(now).sum() - LongStream.of(before).sum();
        before = now;
        return now[FIELDS - 1] == 0 || all <= 0 ? Double.NaN : 100.0 * stolen / all;
    }

    private long[] ticks() {
        try (Stream<String> lines = Files.lines(stat)) {
            return lines.findFirst()
                    .filter(line -> line.startsWith("cpu "))
                    .map(line -> Stream.of(line.substring(4).trim().split(" +"))
                            .limit(FIELDS)
                            .mapToLong(Long::parseLong)
                            .toArray())
                    .filter(fields -> fields.length == FIELDS)
                    .orElseGet(() -> new long[FIELDS]);
        } catch (IOException e) {
            return new long[FIELDS]; // not Linux
        }
    }
}
