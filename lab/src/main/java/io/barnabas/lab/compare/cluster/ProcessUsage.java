// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * What a process, or several together, has used so far, as Linux accounts it.
 *
 * @param cpuSeconds user and system time of all its threads
 * @param residentMib its resident memory now
 * @param peakResidentMib its largest resident memory
 * @param writtenMib bytes it caused to be written to storage
 */
public record ProcessUsage(double cpuSeconds, double residentMib, double peakResidentMib, double writtenMib) {
    private static final double TICKS_PER_SECOND = 100;
    private static final ProcessUsage NONE = new ProcessUsage(0, 0, 0, 0);

    /** One live process. */
    public static ProcessUsage of(long pid) {
        try {
            Path proc = Path.of("/proc", Long.toString(pid));
            return new ProcessUsage(
                    ProcFiles.stat(proc).ticks() / TICKS_PER_SECOND,
                    ProcFiles.value(proc.resolve("status"), "VmRSS:") / 1024.0,
                    ProcFiles.value(proc.resolve("status"), "VmHWM:") / 1024.0,
                    ProcFiles.value(proc.resolve("io"), "write_bytes:") / 1024.0 / 1024.0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Several together: times and bytes add up, of memory the largest counts. */
    public static ProcessUsage together(Iterable<Long> pids) {
        ProcessUsage sum = NONE;
        for (long pid : pids) {
            ProcessUsage each = of(pid);
            sum = new ProcessUsage(
                    sum.cpuSeconds + each.cpuSeconds,
                    Math.max(sum.residentMib, each.residentMib),
                    Math.max(sum.peakResidentMib, each.peakResidentMib),
                    sum.writtenMib + each.writtenMib);
        }
        return sum;
    }
}
