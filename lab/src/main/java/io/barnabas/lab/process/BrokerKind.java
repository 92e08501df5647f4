// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

/** Whose broker a process runs. */
public enum BrokerKind {
    BARNABAS("dist/target/barnabas/libs", "io.barnabas.broker.Barnabas"),
    KAFKA("tools/target/libs", "kafka.Kafka");

    private final String libraries;
    private final String mainClass;

    BrokerKind(String libraries, String mainClass) {
        this.libraries = libraries;
        this.mainClass = mainClass;
    }

    String libraries() {
        return libraries;
    }

    String mainClass() {
        return mainClass;
    }
}
