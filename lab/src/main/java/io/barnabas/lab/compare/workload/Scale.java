// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import java.util.List;

/**
 * How much of everything.
 *
 * @param records of one throughput run
 * @param runs throughput runs after a start; the third and later count as warm
 * @param steadySeconds length of runs at a fixed rate
 * @param burstsMs how records come at a fixed rate: within how many ms they fall due together, 0 for one by one
 * @param partitions topic sizes of the control plane workload
 * @param idleSeconds how long a cluster idles before its memory is looked at
 * @param everything whether workloads take all their cases, or those that tell most
 */
public record Scale(
        long records,
        int runs,
        int steadySeconds,
        List<Integer> burstsMs,
        List<Integer> partitions,
        int idleSeconds,
        boolean everything) {
    private static final long WARM_UP_RECORDS = 500_000;
    private static final int ONE_BY_ONE = 0;
    private static final int SMALL_BURSTS = 2;

    /** What a cluster is given before workloads that measure something else than throughput. */
    long warmUpRecords() {
        return Math.min(records, WARM_UP_RECORDS);
    }

    /** What each kind of load writes, as many bytes as a tenth of a throughput run. */
    long gridBytes() {
        return records * 1_024 / 10;
    }

    /** A glance: three systems in under five minutes. */
    public static Scale quick() {
        return new Scale(30_000, 3, 5, List.of(SMALL_BURSTS), List.of(200), 2, false);
    }

    /** Three systems in under half an hour. */
    public static Scale usual() {
        return new Scale(1_000_000, 4, 15, List.of(ONE_BY_ONE, SMALL_BURSTS), List.of(2_000), 5, false);
    }

    /** Every case; hours. */
    public static Scale full() {
        return new Scale(
                1_000_000, 4, 60, List.of(ONE_BY_ONE, SMALL_BURSTS), List.of(500, 1_000, 2_000, 5_000), 20, true);
    }
}
