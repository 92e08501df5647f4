// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import java.util.Arrays;
import java.util.List;

/** Every latency of a run, none sampled away. Written by one thread; read when it has ended. */
final class Latencies {
    private int[] micros;
    private int count;

    Latencies(long expected) {
        micros = new int[(int) Math.min(expected, 50_000_000)];
    }

    void add(long nanos) {
        if (count == micros.length) {
            micros = Arrays.copyOf(micros, Math.max(1024, count * 2));
        }
        micros[count++] = (int) Math.min(Integer.MAX_VALUE, nanos / 1_000);
    }

    /** All of several threads' latencies in ascending order, in microseconds. */
    static int[] sorted(List<Latencies> parts) {
        int[] all = new int[parts.stream().mapToInt(part -> part.count).sum()];
        int at = 0;
        for (Latencies part : parts) {
            System.arraycopy(part.micros, 0, all, at, part.count);
            at += part.count;
        }
        Arrays.sort(all);
        return all;
    }

    /**
     * @param sorted microseconds, ascending
     * @param share 0.99 for the 99th percentile
     * @return milliseconds, NaN when there is none
     */
    static double percentileMs(int[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(0, Math.min(sorted.length - 1, rank))] / 1_000.0;
    }
}
