// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three ZooKeeper servers and three brokers: any one server may go, and all of them for a while. */
class EnsembleIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private Traffic traffic;

    @AfterEach
    void stopEverything() {
        if (traffic != null) {
            traffic.close();
        }
        cluster.close();
    }

    @Test
    void goesOnWhileServersOfTheEnsembleGoAndComeBack() {
        cluster = new ClusterProcesses(directory, Map.of(), 3);
        cluster.startZooKeeper();
        cluster.startBrokers(BrokerKind.BARNABAS, BrokerKind.BARNABAS, BrokerKind.BARNABAS);
        traffic = new Traffic(cluster, 3).start(600);

        int follower = otherThan(leaderOfTheEnsemble());
        cluster.zooKeepers().process(follower).kill();
        goesOn("kill -9 of a follower");
        cluster.startZooKeeper(follower);

        int leader = leaderOfTheEnsemble();
        cluster.zooKeepers().process(leader).kill();
        goesOn("kill -9 of the leader");
        cluster.startZooKeeper(leader);

        for (int id = 1; id <= 3; id++) {
            cluster.zooKeepers().process(id).kill();
        }
        traffic.awaitProgress("kill -9 of all three, while they are away");
        cluster.startZooKeeper();
        goesOn("kill -9 of all three, when they are back");

        traffic.verifyEverything();
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.broker(id).tail(100_000)).doesNotContain(" ERROR ");
        }
    }

    /** Records pass, the controller can write, and every copy is there. */
    private void goesOn(String after) {
        traffic.awaitProgress(after);
        traffic.createTopic("after-" + after.replaceAll("[^a-z0-9]+", "-"), 1);
        traffic.awaitHealth();
        System.out.printf(
                "%-60s longest gap between acks %6d ms%n",
                after, traffic.producer().longestGapMs());
        traffic.producer().startWatch();
    }

    private int leaderOfTheEnsemble() {
        return await("a leader of the ensemble")
                .atMost(Duration.ofSeconds(60))
                .until(() -> cluster.zooKeepers().leader().orElse(0), id -> id > 0);
    }

    private static int otherThan(int id) {
        return id % 3 + 1;
    }
}
