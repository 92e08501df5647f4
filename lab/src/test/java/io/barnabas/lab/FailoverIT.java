// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers and a ZooKeeper as real processes; while an idempotent acks=all producer and a group run, each role
 * is killed, paused and stopped in turn. What was acknowledged is there, once, in order; the group goes on from its
 * committed offsets.
 */
class FailoverIT {
    private static final BrokerKind KIND = BrokerKind.valueOf(System.getProperty("lab.kind", "BARNABAS"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private Traffic traffic;

    @BeforeEach
    void startTraffic() {
        cluster = new ClusterProcesses(directory, Map.of());
        cluster.startZooKeeper();
        cluster.startBrokers(KIND, KIND, KIND);
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
    void keepsWhatItAcknowledgedWhileEachRoleIsKilled() {
        drill("kill -9", ChildProcess::kill, this::restart);
        traffic.verifyEverything();
    }

    @Test
    void keepsWhatItAcknowledgedWhileEachRoleIsStopped() {
        drill(
                "SIGTERM",
                process -> assertThat(process.terminate(40))
                        .as("exit code after SIGTERM")
                        .isIn(0, 143),
                this::restart);
        traffic.verifyEverything();
    }

    @Test
    void keepsWhatItAcknowledgedWhileEachRoleIsPausedPastItsSession() {
        drill(
                "SIGSTOP for 9 s",
                process -> {
                    process.pause();
                    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(9);
                    await().atMost(Duration.ofSeconds(15)).until(() -> System.nanoTime() > until);
                    process.resume();
                },
                id -> {});
        traffic.verifyEverything();
    }

    private void drill(String what, Consumer<ChildProcess> fault, IntConsumer mend) {
        hit(what, "leader of partition 0", traffic::leader, fault, mend);
        hit(what, "controller", traffic::controller, fault, mend);
        hit(what, "group coordinator", traffic::coordinator, fault, mend);
        hit(what, "ZooKeeper", () -> 0, fault, mend);
    }

    private void hit(String what, String role, IntSupplier target, Consumer<ChildProcess> fault, IntConsumer mend) {
        int id = target.getAsInt();
        traffic.producer().startWatch();
        fault.accept(id == 0 ? cluster.zooKeeper() : cluster.broker(id));
        traffic.awaitProgress(what + " of " + role + (id == 0 ? "" : " (broker " + id + ")"));
        System.out.printf(
                "%-16s %-24s longest gap between acks %6d ms%n",
                what, role, traffic.producer().longestGapMs());
        mend.accept(id);
        traffic.awaitHealth();
        traffic.awaitProgress("recovery from " + what + " of " + role);
    }

    private void restart(int id) {
        if (id == 0) {
            cluster.startZooKeeper();
        } else {
            cluster.restartBroker(id);
        }
    }
}
