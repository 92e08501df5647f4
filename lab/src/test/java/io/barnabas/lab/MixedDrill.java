// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * One cluster of Apache Kafka 3.9.2 and Barnabas brokers under traffic. Every broker leads a partition, follows in others
 * and coordinates a group; broker 1 is the controller at the start. A mix is a letter for each broker: {@code KBB} is Kafka
 * as broker 1 and Barnabas as the others.
 *
 * <p>{@code -Dlab.mixes=KKK} runs a drill on Kafka alone, to see what of a finding is ours.
 */
abstract class MixedDrill {
    /** The controller of each kind, once with both others of the other kind, once with one of each. */
    private static final String ALL = "KBB,BKK,KKB,BBK";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    ClusterProcesses cluster;
    MixedTraffic traffic;
    ZooKeeperTree tree;
    private String mix;

    static Stream<String> mixes() {
        return Arrays.stream(System.getProperty("lab.mixes", ALL).split(","));
    }

    static BrokerKind kind(char letter) {
        return letter == 'K' ? BrokerKind.KAFKA : BrokerKind.BARNABAS;
    }

    /** Starts three brokers, broker 1 first so that it is the controller, and the traffic. */
    final void start(String kinds, Map<String, String> settings) throws Exception {
        mix = kinds;
        cluster = new ClusterProcesses(directory, settings);
        cluster.startZooKeeper();
        tree = new ZooKeeperTree(cluster.zooKeeperConnect());
        cluster.startBroker(1, kind(kinds.charAt(0)));
        await("a controller", () -> tree.exists("/controller"));
        cluster.launchBroker(2, kind(kinds.charAt(1)));
        cluster.launchBroker(3, kind(kinds.charAt(2)));
        cluster.awaitBroker(2);
        cluster.awaitBroker(3);
        traffic = new MixedTraffic(cluster);
        traffic.start();
        assertThat(traffic.controller()).as("the controller").isEqualTo(1);
    }

    @AfterEach
    final void stopAll() {
        if (traffic != null) {
            traffic.close();
        }
        if (tree != null) {
            tree.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Says in the test's output what is done to which broker, and which roles it has. */
    final String announce(String what, int id) {
        String line = what + " broker " + id + " (" + cluster.kind(id) + ", " + traffic.roles(id) + ")";
        System.out.printf("%s: %s%n", mix, line);
        return line;
    }

    /** All partitions are whole, records are acknowledged, and every group reads on. */
    final void awaitAllWell(String after) {
        traffic.awaitHealth(after);
        traffic.awaitProgress(after);
    }

    /** Nothing acknowledged is lost or doubled, no replica is out of the ISR, no broker complains, no log was set aside. */
    final void verify() throws Exception {
        traffic.awaitHealth("all was done");
        traffic.verify();
        assertThat(Complaints.of(cluster)).as("what brokers complained of").isEmpty();
        for (int id = 1; id <= 3; id++) {
            try (Stream<Path> files = Files.list(cluster.brokerDirectory(id).resolve("data"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .as("directories of broker %d", id)
                        .noneMatch(name -> name.endsWith("-stray"));
            }
        }
    }

    /** Starts a killed broker again; Kafka refuses to while the killed one's session stands in ZooKeeper. */
    final void restart(int id, BrokerKind kind) {
        if (kind == BrokerKind.KAFKA) {
            await("the session of broker " + id + " to end", () -> !tree.exists("/brokers/ids/" + id));
        }
        cluster.startBroker(id, kind);
    }

    static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(condition);
    }
}
