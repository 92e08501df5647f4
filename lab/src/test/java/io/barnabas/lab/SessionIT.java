// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Brokers lose their ZooKeeper session while they live and serve: a second client takes the session over by its id and
 * password and ends it. Each comes back in a new session without a restart, and nothing acknowledged is lost.
 */
class SessionIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private Traffic traffic;
    private Outsider zooKeeper;

    @BeforeEach
    void startTraffic() {
        cluster = new ClusterProcesses(directory, Map.of());
        cluster.startZooKeeper();
        zooKeeper = new Outsider(cluster.zooKeeperConnect());
        cluster.startBrokers(BrokerKind.BARNABAS, BrokerKind.BARNABAS, BrokerKind.BARNABAS);
        traffic = new Traffic(cluster, 3).start(600);
    }

    @AfterEach
    void stopEverything() {
        if (traffic != null) {
            traffic.close();
        }
        cluster.close();
    }

    @Test
    void keepsWhatItAcknowledgedWhileEachRolesSessionExpires() throws Exception {
        expire("leader of partition 0", traffic::leader);
        expire("controller", traffic::controller);
        expire("group coordinator", traffic::coordinator);
        for (int id = 1; id <= 3; id++) {
            endSession(id);
        }
        traffic.awaitHealth();
        traffic.awaitProgress("the end of all sessions at once");
        traffic.verifyEverything();
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.broker(id).tail(100_000))
                    .doesNotContain(" ERROR ")
                    .contains("session-lost");
        }
    }

    private void expire(String role, IntSupplier target) throws Exception {
        int id = target.getAsInt();
        traffic.producer().startWatch();
        long before = zooKeeper.brokerEpoch(id);
        endSession(id);
        await("broker " + id + " to register in a new session")
                .atMost(Duration.ofSeconds(30))
                .until(() -> zooKeeper.brokerEpoch(id) > before);
        traffic.awaitHealth();
        traffic.awaitProgress("the session of the " + role + " expired (broker " + id + ")");
        System.out.printf(
                "%-16s %-24s longest gap between acks %6d ms%n",
                "session expiry", role, traffic.producer().longestGapMs());
    }

    /** What the broker keeps for its own restart is all it takes. */
    private void endSession(int id) throws Exception {
        String[] kept = Files.readString(cluster.brokerDirectory(id).resolve("data/.barnabas.session"))
                .trim()
                .split(" ", -1);
        zooKeeper.endSession(Long.parseUnsignedLong(kept[1], 16), HexFormat.of().parseHex(kept[2]));
    }
}
