// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A system that can be compared: where its libraries are, and how its own start script would run it. */
public enum Product {
    BARNABAS("Barnabas", "Barnabas", "dist/target/barnabas/libs", "barnabas-broker-", List.of()),
    KAFKA("Kafka 3.9 (ZooKeeper)", "ZooKeeper", "tools/target/libs", "kafka_2.13-", JvmOptions.KAFKAS_OWN),
    KRAFT("Kafka 4.3 (KRaft)", "KRaft", "lab/peers/kraft/target/libs", "kafka_2.13-", JvmOptions.KAFKAS_OWN);

    private static final String JAR = ".jar";

    private final String title;
    private final String shortTitle;
    private final String libraries;
    private final String jar;
    private final List<String> ownOptions;

    Product(String title, String shortTitle, String libraries, String jar, List<String> ownOptions) {
        this.title = title;
        this.shortTitle = shortTitle;
        this.libraries = libraries;
        this.jar = jar;
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

    /**
     * The version of the broker's library that is run; {@code ?} when there is none.
     *
     * @param home the project's
     */
    String version(Path home) {
        try (Stream<Path> jars = Files.list(home.resolve(libraries))) {
            return jars.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(jar) && name.endsWith(JAR))
                    .map(name -> name.substring(jar.length(), name.length() - JAR.length()))
                    .findFirst()
                    .orElse("?");
        } catch (IOException e) {
            return "?";
        }
    }

    boolean hasZooKeeper() {
        return this != KRAFT;
    }

    List<String> ownOptions() {
        return ownOptions;
    }
}
