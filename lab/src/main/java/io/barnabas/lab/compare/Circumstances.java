// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.compare.cluster.JvmOptions;
import io.barnabas.lab.compare.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a reader must know of the machine to judge figures, or to repeat them. What ran on it is noted by what runs it: systems,
 * clients and amounts by {@link io.barnabas.lab.compare.workload.Bench} and its workloads.
 */
final class Circumstances {
    private Circumstances() {}

    static void note(Results results, JvmOptions jvm, boolean backMemory) throws IOException {
        results.circumstance("Measured", Compare.now());
        results.circumstance(
                "Machine",
                Runtime.getRuntime().availableProcessors() + " × " + value("/proc/cpuinfo", "model name") + ", "
                        + memoryGib() + " GiB, " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version"));
        results.circumstance("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        results.circumstance(
                "JVM options",
                jvm.common().isEmpty()
                        ? "besides the heap, what each one's start script gives it"
                        : "besides the heap, the same for all: " + String.join(" ", jvm.common()));
        if (backMemory) {
            results.circumstance("Memory", "backed by the host before each measurement (--back-memory)");
        }
    }

    private static long memoryGib() throws IOException {
        return Math.round(Long.parseLong(
                        value("/proc/meminfo", "MemTotal").replace("kB", "").trim())
                / 1048576.0);
    }

    /** What a program could have, by the kernel's estimate: free, or cached and clean. */
    static long availableBytes() throws IOException {
        return Long.parseLong(
                        value("/proc/meminfo", "MemAvailable").replace("kB", "").trim())
                * 1024;
    }

    private static String value(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("?");
    }
}
