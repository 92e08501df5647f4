// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.compare.cluster.JvmOptions;
import io.barnabas.lab.compare.result.Results;
import io.barnabas.lab.compare.workload.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a reader must know to judge figures, or to repeat them: the machine, the versions, the amounts. */
final class Circumstances {
    private Circumstances() {}

    static void note(Results results, Scale scale, JvmOptions jvm, String heap, boolean backMemory) throws IOException {
        results.circumstance("Measured", Compare.now());
        results.circumstance(
                "Machine",
                Runtime.getRuntime().availableProcessors() + " × " + value("/proc/cpuinfo", "model name") + ", "
                        + memoryGib() + " GiB, Linux " + System.getProperty("os.version"));
        results.circumstance("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        results.circumstance(
                "Systems",
                "three broker processes each on loopback; Barnabas as built here and Kafka 3.9.2 with one ZooKeeper (three"
                        + " where failover is measured), session timeout 6 s; Kafka 4.3.1 with brokers that are controllers"
                        + " too, session timeout 9 s, its default");
        results.circumstance(
                "JVM options",
                "heap " + heap + " each; "
                        + (jvm.common().isEmpty()
                                ? "otherwise what each one's start script gives it"
                                : "otherwise the same for all: " + String.join(" ", jvm.common())));
        results.circumstance(
                "Amounts",
                String.format(
                        java.util.Locale.ROOT,
                        "%,d records a throughput run, %d s at a fixed rate",
                        scale.records(),
                        scale.steadySeconds()));
        if (backMemory) {
            results.circumstance("Memory", "backed by the host before each measurement (--back-memory)");
        }
        results.circumstance("Client", "kafka-clients 3.9.2, a fresh process each run, with the first compiler only");
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
