// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A busy machine kills nobody: with sixteen busy loops beside the brokers no broker is called dead, no leader moves. */
@Tag("long")
class BusyMachineIT {
    private static final int LOOPS = 16;
    private static final int PARTITIONS = 6;
    private static final Duration BUSY_FOR = Duration.ofSeconds(Integer.getInteger("lab.busy.seconds", 60));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void callsNobodyDeadWhileTheMachineIsBusy() throws Exception {
        try (ClusterProcesses cluster =
                new ClusterProcesses(directory, Map.of("zookeeper.session.timeout.ms", "18000"))) {
            cluster.startZooKeeper();
            cluster.startBrokers(BrokerKind.BARNABAS, BrokerKind.BARNABAS, BrokerKind.BARNABAS);
            try (Traffic traffic = new Traffic(cluster, PARTITIONS).start(200)) {
                List<Integer> leaders = leaders(traffic);
                List<Process> loops = new ArrayList<>();
                try {
                    for (int i = 0; i < LOOPS; i++) {
                        loops.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
                    }
                    long until = System.nanoTime() + BUSY_FOR.toNanos();
                    await().atMost(BUSY_FOR.plusSeconds(30)).until(() -> System.nanoTime() > until);
                } finally {
                    loops.forEach(Process::destroyForcibly);
                }
                assertThat(leaders(traffic)).as("leaders").isEqualTo(leaders);
                traffic.verifyEverything();
            }
            for (int id = 1; id <= 3; id++) {
                List<String> deaths = Files.readAllLines(directory.resolve("broker-" + id + "/broker.log")).stream()
                        .filter(line -> line.contains("events broker-proven-dead")
                                || line.contains("events broker-death-reported")
                                || line.contains("events broker-suspected"))
                        .toList();
                assertThat(deaths).as("what broker " + id + " told of deaths").isEmpty();
            }
        }
    }

    private static List<Integer> leaders(Traffic traffic) throws Exception {
        return traffic.describe().partitions().stream()
                .map(partition -> partition.leader().id())
                .toList();
    }
}
