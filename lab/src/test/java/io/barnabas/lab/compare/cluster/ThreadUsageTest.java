// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadUsageTest {
    @TempDir
    Path proc;

    @Test
    void tellsWhatTheTimeBetweenTwoLooksWentInto() throws IOException {
        process(7, 100, 50);
        thread(7, 71, "network (1) x", 60, 50, 10);
        thread(7, 72, "VM Thread", 10, 0, 2);
        thread(7, 73, "C2 CompilerThre", 30, 0, 1);
        process(8, 0, 0);
        thread(8, 81, "C1 CompilerThre", 0, 0, 0);
        ThreadUsage before = ThreadUsage.of(proc, List.of(7L, 8L));

        process(7, 160, 70);
        thread(7, 71, "network (1) x", 80, 70, 1_010);
        thread(7, 72, "VM Thread", 18, 0, 3);
        Files.delete(proc.resolve("7/task/73/stat"));
        thread(7, 74, "C2 CompilerThre", 5, 0, 1);
        process(8, 20, 0);
        thread(8, 81, "C1 CompilerThre", 18, 0, 0);
        thread(8, 82, "GC Thread#0", 2, 0, 0);

        ThreadUsage.Split split = ThreadUsage.of(proc, List.of(7L, 8L)).since(before);

        // 100 ticks: 40 by the network thread, 10 by collectors; the rest, that of the compiler thread which has ended
        // too
        assertThat(split.kernelPercent()).isCloseTo(20, within(1e-9));
        assertThat(split.collectingPercent()).isCloseTo(10, within(1e-9));
        assertThat(split.compilingPercent()).isCloseTo(50, within(1e-9));
        assertThat(split.waits()).isEqualTo(1_002);
    }

    @Test
    void looksAtRealProcesses() {
        List<Long> self = List.of(ProcessHandle.current().pid());
        ThreadUsage before = ThreadUsage.of(self);
        long end = System.nanoTime() + 100_000_000;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        ThreadUsage.Split split = ThreadUsage.of(self).since(before);
        assertThat(split.kernelPercent()).isBetween(0.0, 100.0);
        assertThat(split.compilingPercent() + split.collectingPercent()).isBetween(0.0, 100.0);
    }

    private void process(long pid, long user, long system) throws IOException {
        write(proc.resolve(Long.toString(pid)), "java", user, system, 0);
    }

    private void thread(long pid, long tid, String name, long user, long system, long waits) throws IOException {
        write(proc.resolve(pid + "/task/" + tid), name, user, system, waits);
    }

    private static void write(Path directory, String name, long user, long system, long waits) throws IOException {
        Files.createDirectories(directory);
        String stat = "1 (" + name + ") S 1 1 1 0 -1 4194304 0 0 0 0 " + user + " " + system + " 0 0 20 0 1 0";
        Files.writeString(directory.resolve("stat"), stat);
        Files.writeString(
                directory.resolve("status"),
                "Name:\tx\nvoluntary_ctxt_switches:\t" + waits + "\nnonvoluntary_ctxt_switches:\t9\n");
    }
}
