// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.process.SmallVolume;
import io.barnabas.lab.workload.LogChecker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of three brokers has its only log directory on a volume that gets full to the last byte while producers write. It
 * refuses records and serves what it has; with room again it goes on by itself.
 */
class FullDiskIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private Traffic traffic;
    private SmallVolume volume;

    @AfterEach
    void stopEverything() {
        if (volume != null) {
            volume.empty();
        }
        if (traffic != null) {
            traffic.close();
        }
        if (cluster != null) {
            cluster.close();
        }
        if (volume != null) {
            volume.close();
        }
    }

    @Test
    void refusesRecordsWhileItsDiskIsFullAndRecoversByItself() throws Exception {
        start(Map.of("barnabas.log.dir.reserve.bytes", "8000000"));
        traffic = new Traffic(cluster, 3).start(600);

        volume.fill();
        awaitLogged("log-dir-full");
        await("the in-sync set without broker 1 where it follows")
                .atMost(Duration.ofSeconds(60))
                .until(() -> traffic.describe().partitions().stream()
                        .allMatch(partition -> partition.leader().id() == 1
                                || partition.isr().stream().noneMatch(node -> node.id() == 1)));
        long acknowledged = traffic.producer().acknowledged();
        await("the leaders with room to go on")
                .atMost(Duration.ofSeconds(60))
                .until(() -> traffic.producer().acknowledged() > acknowledged + 600);
        assertServesWhatItHas();

        volume.empty();
        awaitLogged("log-dir-has-room");
        traffic.awaitHealth();
        traffic.awaitProgress("there was room again");
        traffic.verifyEverything();
        assertThat(cluster.broker(1).tail(100_000)).doesNotContain("log-dir-offline", " ERROR ");
    }

    @Test
    @Tag("long")
    void losesTheDirectoryAsKafkaDoesWhereNothingIsReserved() throws Exception {
        start(Map.of("barnabas.log.dir.reserve.bytes", "0"));
        traffic = new Traffic(cluster, 3).start(600);

        volume.fill();
        await("the broker without a directory to stop")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !cluster.broker(1).isAlive());
        assertThat(cluster.broker(1).await(1)).isEqualTo(1);
        traffic.awaitProgress("broker 1 was gone");
        volume.empty();
        cluster.restartBroker(1);
        traffic.awaitHealth();
        traffic.verifyEverything();
    }

    private void start(Map<String, String> own) {
        Optional<SmallVolume> mounted = SmallVolume.mount(directory.resolve("small"), 64);
        assumeThat(mounted).as("may mount a volume").isPresent();
        volume = mounted.orElseThrow();
        cluster = new ClusterProcesses(
                directory, Map.of("replica.lag.time.max.ms", "3000", "replica.fetch.wait.max.ms", "500"));
        cluster.startZooKeeper();
        Map<String, String> settings = new HashMap<>(own);
        settings.put("log.dirs", volume.path().resolve("data").toString());
        cluster.launchBroker(1, BrokerKind.BARNABAS, settings);
        cluster.launchBroker(2, BrokerKind.BARNABAS);
        cluster.launchBroker(3, BrokerKind.BARNABAS);
        for (int id = 1; id <= 3; id++) {
            cluster.awaitBroker(id);
        }
    }

    private void awaitLogged(String event) {
        await("event " + event + " of broker 1")
                .atMost(Duration.ofSeconds(60))
                .until(() -> cluster.broker(1).tail(100_000).contains(event));
    }

    private void assertServesWhatItHas() throws Exception {
        var described = traffic.admin()
                .describeLogDirs(List.of(1))
                .allDescriptions()
                .get(30, TimeUnit.SECONDS)
                .get(1);
        assertThat(described.values()).allMatch(dir -> dir.error() == null);
        int led = traffic.describe().partitions().stream()
                .filter(partition -> partition.leader().id() == 1)
                .findFirst()
                .orElseThrow()
                .partition();
        var log = LogChecker.readAll(cluster.bootstrap(), Traffic.TOPIC, 3);
        assertThat(log.get(led)).containsAllEntriesOf(offsets(led));
    }

    private Map<Long, Long> offsets(int partition) {
        return traffic.producer().promises().get(partition).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    }
}
