// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.util.List;

/** A system that can be compared: where its libraries are, and how its own start script would run it. */
public enum Product {
    BARNABAS("Barnabas", "Barnabas", "dist/target/barnabas/libs", List.of()),
    KAFKA("Kafka 3.9 (ZooKeeper)", "ZooKeeper", "tools/target/libs", JvmOptions.KAFKAS_OWN),
    KRAFT("Kafka 4.3 (KRaft)", "KRaft", "lab/peers/kraft/target/libs", JvmOptions.KAFKAS_OWN);

    private final String title;
    private final String shortTitle;
    private final String libraries;
    private final List<String> ownOptions;

    Product(String title, String shortTitle, String libraries, List<String> ownOptions) {
        this.title = title;
        this.shortTitle = shortTitle;
        this.libraries = libraries;
        this.ownOptions = ownOptions;
    }

    /** What reports call it. */
    public String title() {
        return title;
    }

    /** One word, where there is little room. */
    public String shortTitle() {
        return shortTitle;
    }

    /** The name on the command line. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Where its jars are, below the project's home. */
    public String libraries() {
        return libraries;
    }

    boolean hasZooKeeper() {
        return this != KRAFT;
    }

    List<String> ownOptions() {
        return ownOptions;
    }
}
