// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the threads of some JVMs have done so far, as Linux accounts it: two of these tell what the CPU time between them
 * went into. Immutable.
 */
public final class ThreadUsage {
    private static final Path PROC = Path.of("/proc");
    /** As far as Linux keeps names of threads: 15 characters. */
    private static final List<String> COMPILERS = List.of("C1 CompilerThre", "C2 CompilerThre");

    private static final List<String> COLLECTORS = List.of("VM Thread", "GC Thread", "G1 ");

    private final Map<Path, OfThread> threads = new HashMap<>();
    private long ticks;
    private long systemTicks;

    private ThreadUsage() {}

    private record OfThread(String name, long ticks, long waits) {
        boolean is(List<String> kinds) {
            return kinds.stream().anyMatch(name::startsWith);
        }
    }

    /**
     * What CPU time went into.
     *
     * @param kernelPercent part of all CPU time that was spent in system calls
     * @param compilingPercent part spent by the JVMs' compilers
     * @param collectingPercent part spent by garbage collection, and by other work for which the JVM stops all threads
     * @param waits how often a thread had nothing to go on with and gave its processor away
     */
    public record Split(double kernelPercent, double compilingPercent, double collectingPercent, long waits) {}

    /** Live processes, all together. */
    public static ThreadUsage of(Iterable<Long> pids) {
        return of(PROC, pids);
    }

    static ThreadUsage of(Path proc, Iterable<Long> pids) {
        ThreadUsage usage = new ThreadUsage();
        try {
            for (long pid : pids) {
                usage.add(proc.resolve(Long.toString(pid)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return usage;
    }

    /** What was done since an earlier look at the same processes; percentages are NaN if they did nothing. */
    public Split since(ThreadUsage before) {
        double all = ticks - before.ticks;
        long collecting = 0;
        long others = 0;
        long waits = 0;
        for (Map.Entry<Path, OfThread> each : threads.entrySet()) {
            OfThread now = each.getValue();
            OfThread then = before.threads.getOrDefault(each.getKey(), new OfThread(now.name, 0, 0));
            waits += now.waits - then.waits;
            if (now.is(COLLECTORS)) {
                collecting += now.ticks - then.ticks;
            } else if (!now.is(COMPILERS)) {
                others += now.ticks - then.ticks;
            }
        }
        // a JVM ends compiler threads that have nothing to do, and their time would be missing: so what no other used
        double compiling = Math.max(0, all - others - collecting);
        return new Split(
                100 * (systemTicks - before.systemTicks) / all, 100 * compiling / all, 100 * collecting / all, waits);
    }

    private void add(Path process) throws IOException {
        ProcFiles.Stat whole = ProcFiles.stat(process);
        systemTicks += whole.systemTicks();
        ticks += whole.ticks();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                try {
                    ProcFiles.Stat stat = ProcFiles.stat(task);
                    long waits = ProcFiles.value(task.resolve("status"), "voluntary_ctxt_switches:");
                    threads.put(task, new OfThread(stat.name(), stat.ticks(), waits));
                } catch (IOException e) {
                    // ended while it was looked at: no such file, or, once it is open, no such process
                }
            }
        }
    }
}
