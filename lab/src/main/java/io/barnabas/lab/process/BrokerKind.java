// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

import java.util.List;

/**
 * Whose broker a process runs, with the JVM options its own start script would give it; Barnabas's with the first
 * compiler only ({@code BARNABAS_COMPILER=first}), since drills are over before the second one pays.
 */
public enum BrokerKind {
    BARNABAS(
            "dist/target/barnabas/libs",
            "io.barnabas.broker.Barnabas",
            List.of("-server", "-XX:+UseSerialGC", "-XX:MaxNewSize=24m", "-XX:TieredStopAtLevel=1")),
    KAFKA(
            "tools/target/libs",
            "kafka.Kafka",
            List.of(
                    "-server",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=20",
                    "-XX:InitiatingHeapOccupancyPercent=35",
                    "-XX:+ExplicitGCInvokesConcurrent",
                    "-XX:MaxInlineLevel=15"));

    private final String libraries;
    private final String mainClass;
    private final List<String> jvmOptions;

    BrokerKind(String libraries, String mainClass, List<String> jvmOptions) {
        this.libraries = libraries;
        this.mainClass = mainClass;
        this.jvmOptions = jvmOptions;
    }

    String libraries() {
        return libraries;
    }

    String mainClass() {
        return mainClass;
    }

    List<String> jvmOptions() {
        return jvmOptions;
    }
}
