// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example application, stock Kafka Streams with {@code exactly_once_v2}, counts every receipt exactly once while
 * brokers, and the application itself, are killed with {@code kill -9}.
 */
class StreamsIT {
    private static final int PARTITIONS = 4;
    private static final int PER_SECOND = 100;
    private static final int WINDOW_SECONDS = 5;
    private static final long SEED = Long.getLong("streams.seed", 7L);
    private static final BrokerKind KIND = BrokerKind.valueOf(System.getProperty("lab.kind", "BARNABAS"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private Admin admin;
    private ClusterRoles roles;
    private SalesLedger ledger;
    private SalesAuditor auditor;
    private ChildProcess application;

    @BeforeEach
    void open() throws Exception {
        cluster = new ClusterProcesses(
                directory, Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
        cluster.startZooKeeper();
        cluster.startBrokers(KIND, KIND, KIND);
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                30_000));
        roles = new ClusterRoles(admin);
        List<NewTopic> topics = Stream.of(
                        "sales", "stores", "sales-per-store", "sales-per-city", "sales-per-store-window")
                .map(name -> new NewTopic(name, PARTITIONS, (short) 3))
                .toList();
        admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        ledger = new SalesLedger(cluster.bootstrap(), PER_SECOND, WINDOW_SECONDS * 1_000L, SEED);
        ledger.writeStores();
        auditor = new SalesAuditor(cluster.bootstrap(), PARTITIONS).start();
        application = launchApplication();
        ledger.start();
        await("the first receipts").atMost(Duration.ofSeconds(30)).until(() -> ledger.sent() > PER_SECOND);
        caughtUp("at the start");
    }

    @AfterEach
    void close() {
        ledger.close();
        auditor.close();
        admin.close(Duration.ofSeconds(2));
        if (application != null) {
            application.kill();
        }
        cluster.close();
    }

    @Test
    void countsEverySaleExactlyOnceWhileBrokersAndTheApplicationDie() throws Exception {
        hit("kill -9 of the leader of sales-0", () -> roles.leader("sales"), () -> {});
        hit(
                "kill -9 of a transaction coordinator and of the application",
                () -> roles.transactionCoordinator(roles.anyTransactionalId().orElseThrow()),
                () -> {
                    application.kill();
                    application = launchApplication();
                });
        hit("kill -9 of the controller", roles::controller, () -> {});

        ledger.close();
        caughtUp("at the end");
        assertThat(ledger.failures()).as("receipts not acknowledged").isEmpty();
        assertThat(auditor.sums()).as("what the application says").isEqualTo(ledger.sums());
        assertThat(auditor.sums().get("sales-per-store-window"))
                .as("windows of %d stores", SalesLedger.STORES)
                .hasSizeGreaterThan(2 * SalesLedger.STORES);
        assertThat(application.terminate(40)).as(application.tail(20)).isIn(0, 143);
        await("no transaction to be open")
                .atMost(Duration.ofSeconds(45))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(roles.openTransactions()).isEmpty());
    }

    private void hit(String what, Callable<Integer> target, Runnable meanwhile) {
        int broker = await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(target, id -> id > 0);
        cluster.broker(broker).kill();
        meanwhile.run();
        long sent = ledger.sent();
        await("business to go on").atMost(Duration.ofSeconds(30)).until(() -> ledger.sent() > sent + PER_SECOND);
        cluster.restartBroker(broker);
        caughtUp("after " + what + ", broker " + broker);
    }

    /** The application has counted what there was a moment ago, and nothing was wrong with it. */
    private void caughtUp(String when) {
        long begun = System.nanoTime();
        long sent = ledger.sent();
        await("the application to catch up " + when)
                .atMost(Duration.ofSeconds(90))
                .until(() -> counted() >= sent || !auditor.anomalies().isEmpty() || !application.isAlive());
        assertThat(application.isAlive())
                .as("the application lives %s; it ends with%n%s", when, application.tail(30))
                .isTrue();
        assertThat(auditor.anomalies()).as("seed %d, %s", SEED, when).isEmpty();
        System.out.printf(
                "%-85s %,6d sales counted, caught up after %,d ms%n",
                when, sent, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }

    /** What every output topic has counted. */
    private long counted() {
        return Stream.of("sales-per-store", "sales-per-city", "sales-per-store-window")
                .mapToLong(auditor::sales)
                .min()
                .orElse(0);
    }

    private ChildProcess launchApplication() {
        Path home = Path.of(System.getProperty("barnabas.home")).toAbsolutePath();
        return ChildProcess.java(
                "store-sales",
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        // a killed one leaves its native libraries behind
                        "-Djava.io.tmpdir=" + directory,
                        "-Dlog4j2.configurationFile=" + getClass().getResource("/lab-log4j2.properties"),
                        "-cp",
                        home.resolve("examples/target/libs") + "/*",
                        "io.barnabas.examples.Examples",
                        "streams",
                        "--bootstrap-server=" + cluster.bootstrap(),
                        "--rate=0",
                        "--window-seconds=" + WINDOW_SECONDS,
                        "--every=5",
                        "--state-dir=" + directory.resolve("state"),
                        "--property=statestore.cache.max.bytes=0"),
                directory.resolve("application.log"));
    }
}
