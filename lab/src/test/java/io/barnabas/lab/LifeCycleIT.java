// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.process.CommandRun;
import io.barnabas.lab.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** How a broker's process starts and ends: what it cannot live with is one line and exit code 1. */
class LifeCycleIT {
    private static final Path HOME =
            Path.of(System.getProperty("barnabas.home")).toAbsolutePath().normalize();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;

    @BeforeEach
    void prepare() {
        cluster = new ClusterProcesses(
                directory,
                Map.of(
                        "default.replication.factor",
                        "1",
                        "min.insync.replicas",
                        "1",
                        "controlled.shutdown.enable",
                        "true"));
    }

    @AfterEach
    void stopEverything() {
        cluster.close();
    }

    // ---- configuration

    @Test
    void aMissingOrUnreadableFileIsOneLine() throws IOException {
        assertRefused(start("no-such.properties"), "no-such.properties");

        Path broken = Files.writeString(directory.resolve("broken.properties"), "broker.id=\\u00zz\n");
        assertRefused(start(broken.toString()), "broken.properties");

        assertRefused(start(file(Map.of("broker.id", "seven")), "--override"), "--override");
        assertRefused(start(file(Map.of()), "--override", "no-equals-sign"), "no-equals-sign");
        assertRefused(start(file(Map.of()), "--unknown", "x=y"), "--unknown");
    }

    @Test
    void aWrongValueIsOneLine() {
        assertRefused(start(file(Map.of("broker.id", "seven"))), "broker.id", "seven");
        assertRefused(start(file(Map.of("num.network.threads", "0"))), "num.network.threads");
        assertRefused(start(file(Map.of("inter.broker.protocol.version", "9.9"))), "9.9");
        assertRefused(start(file(Map.of("process.roles", "broker"))), "process.roles");
    }

    @Test
    void aListenerThatCannotBeServedIsOneLine() {
        assertRefused(
                start(file(Map.of("listeners", "SSL://127.0.0.1:0", "security.inter.broker.protocol", "SSL"))),
                "listener SSL");
        assertRefused(
                start(file(Map.of(
                        "listeners", "PLAINTEXT://127.0.0.1:0,SECURE://127.0.0.1:0",
                        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL"))),
                "SECURE",
                "SASL_SSL");
    }

    @Test
    void eachChoiceOfCompilersIsTakenByTheJvmAndNoOther() {
        String wrong = file(Map.of("broker.id", "seven"));
        Map<String, String> flags = Map.of("first", "-XX:TieredStopAtLevel=1", "both", "-XX:-DoEscapeAnalysis");
        String auto = processors() >= 2 ? "both" : "first";
        for (String choice : List.of("auto", "first", "both")) {
            CommandRun run =
                    start(Map.of("BARNABAS_COMPILER", choice, "KAFKA_OPTS", "-XX:+PrintCommandLineFlags"), wrong);
            // the JVM starts: what is refused is refused by the broker
            assertRefused(run, "broker.id", "seven");
            String chosen = choice.equals("auto") ? auto : choice;
            flags.forEach((compilers, flag) -> assertThat(run.out().stream().anyMatch(line -> line.contains(flag)))
                    .as(choice + " has " + flag)
                    .isEqualTo(compilers.equals(chosen)));
        }
        assertRefused(start(Map.of("BARNABAS_COMPILER", "second"), wrong), "BARNABAS_COMPILER", "second");
    }

    @Test
    void zooKeeperHasTheFirstCompilerOnlyOnASmallMachine() {
        CommandRun run = CommandRun.of(
                List.of(HOME.resolve("bin/zookeeper-server-start.sh").toString(), "nowhere.properties"),
                Map.of(
                        "LOG_DIR",
                        directory.resolve("script-logs").toString(),
                        "KAFKA_OPTS",
                        "-XX:+PrintCommandLineFlags"),
                "",
                directory,
                Duration.ofSeconds(60));
        assertThat(run.out().stream().filter(line -> line.contains("-XX:+UseSerialGC")))
                .singleElement()
                .satisfies(flags ->
                        assertThat(flags.contains("-XX:TieredStopAtLevel=1")).isEqualTo(processors() < 4));
    }

    /** As the scripts count them: a JVM counts a container's quota too. */
    private int processors() {
        CommandRun run = CommandRun.of(List.of("nproc"), Map.of(), "", directory, Duration.ofSeconds(10));
        return Integer.parseInt(run.out().get(0));
    }

    @Test
    void aJavaThatCannotRunItIsOneLine() throws IOException {
        assertRefused(start(Map.of("JAVA_HOME", "/nowhere"), "server.properties"), "No Java found", "/nowhere");
        for (String old : List.of("11.0.2", "1.8.0_392")) {
            Path home = aJava(old);
            assertRefused(
                    start(Map.of("JAVA_HOME", home.toString()), "server.properties"),
                    home.toString(),
                    "JDK 17 or newer");
        }
    }

    @Test
    void theJvmIsGivenWhatItsReleaseNeeds() throws IOException {
        String unsafe = "--sun-misc-unsafe-memory-access=allow";
        Map<String, Boolean> needed =
                Map.of("17.0.15", false, "21.0.9", false, "24", true, "25.0.3", true, "27-ea", true);
        for (String release : needed.keySet()) {
            CommandRun run = start(Map.of("JAVA_HOME", aJava(release).toString()), "server.properties");
            assertThat(run.exitCode()).as(run.toString()).isZero();
            assertThat(run.out().contains(unsafe)).as(release + ": " + run).isEqualTo(needed.get(release));
            assertThat(run.out()).as(run.toString()).contains("io.barnabas.broker.Barnabas");
        }
        // without the file that tells the release the JVM itself is asked
        Path shim = aJava("25.0.3");
        Files.delete(shim.resolve("release"));
        assertThat(start(Map.of("JAVA_HOME", shim.toString()), "server.properties")
                        .out())
                .contains(unsafe);
    }

    /** What looks like a JDK of that release and only tells, a line each, with which arguments it was called. */
    private Path aJava(String release) throws IOException {
        Path home = Files.createTempDirectory(directory, "jdk");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + release + "\"\n");
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\n[ \"$1\" = -version ] && echo 'openjdk version \"" + release
                        + "\" 2026-01-20' >&2 && exit\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    @Test
    void theRehearsalForTheArchivesOfClassesDoesAllItsWork() throws IOException {
        CommandRun run = CommandRun.of(
                List.of(HOME.resolve("bin/class-archive.sh").toString()),
                Map.of(),
                "",
                directory,
                Duration.ofMinutes(3));

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.err()).as(run.toString()).isEmpty();
        assertThat(run.out()).as(run.toString()).hasSize(2);
        CommandRun broker = start(Map.of("KAFKA_OPTS", "-Xlog:class+load"), file(Map.of("broker.id", "seven")));
        assertThat(broker.out())
                .as("the broker's classes come from it")
                .anyMatch(line -> line.contains("io.barnabas.broker.Barnabas source: shared objects file"));
        CommandRun zooKeeper = CommandRun.of(
                List.of(
                        HOME.resolve("bin/zookeeper-server-start.sh").toString(),
                        Files.writeString(directory.resolve("zookeeper.properties"), "clientPort=nine\n")
                                .toString()),
                Map.of(
                        "KAFKA_OPTS",
                        "-Xlog:class+load",
                        "LOG_DIR",
                        directory.resolve("logs").toString()),
                "",
                directory,
                Duration.ofMinutes(1));
        assertThat(zooKeeper.out())
                .as("and ZooKeeper's")
                .anyMatch(line -> line.contains("zookeeper.server.quorum.QuorumPeerMain source: shared objects file"));
    }

    // ---- surroundings

    @Test
    void anUnreachableZooKeeperIsOneLineAfterTheConnectionTimeout() {
        CommandRun run = start(file(Map.of(
                "zookeeper.connect", "127.0.0.1:" + FreePorts.next(), "zookeeper.connection.timeout.ms", "2000")));

        assertRefused(run, "ZooKeeper", "2000 ms");
        assertThat(run.took()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aTakenPortIsOneLine() throws IOException {
        cluster.startZooKeeper();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    start(file(Map.of("listeners", "PLAINTEXT://127.0.0.1:" + taken.getLocalPort()))),
                    Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void logDirectoriesOfWhichNoneCanBeUsedAreOneLine() throws IOException {
        Path notADirectory = Files.createFile(directory.resolve("file"));

        assertRefused(start(file(Map.of("log.dirs", notADirectory.toString()))), "log.dirs", notADirectory.toString());
    }

    @Test
    void aForeignClusterOrBrokerIdInMetaPropertiesIsOneLine() throws IOException {
        cluster.startZooKeeper();
        Path foreign = Files.createDirectory(directory.resolve("foreign"));
        Files.writeString(foreign.resolve("meta.properties"), "version=0\ncluster.id=SomebodyElses\nbroker.id=1\n");
        assertRefused(start(file(Map.of("log.dirs", foreign.toString()))), "cluster.id", "SomebodyElses");

        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("meta.properties"), "version=0\nbroker.id=99\n");
        assertRefused(start(file(Map.of("log.dirs", other.toString()))), "broker.id", "99");
    }

    // ---- beside a live broker

    @Test
    void aSecondBrokerIsRefusedAndHarmsNobody() {
        cluster.startZooKeeper();
        cluster.startBroker(1, BrokerKind.BARNABAS);

        assertRefused(
                start(file(Map.of(
                        "log.dirs", cluster.brokerDirectory(1).resolve("data").toString()))),
                ".lock");
        assertRefused(
                start(file(Map.of(
                        "broker.id",
                        "1",
                        "log.dirs",
                        directory.resolve("elsewhere").toString()))),
                "/brokers/ids/1");

        assertThat(cluster.broker(1).isAlive()).isTrue();
        assertServes();
        assertThat(cluster.broker(1).tail(1000)).doesNotContain("session-lost");
    }

    // ---- coming back, leaving

    @Test
    void comesBackWithinSecondsAfterAKillAlthoughItsSessionLivesOn() {
        cluster = new ClusterProcesses(
                directory,
                Map.of(
                        "default.replication.factor",
                        "1",
                        "min.insync.replicas",
                        "1",
                        "zookeeper.session.timeout.ms",
                        "18000"));
        cluster.startZooKeeper();
        cluster.startBroker(1, BrokerKind.BARNABAS);
        assertServes();

        cluster.broker(1).kill();
        long begun = System.nanoTime();
        cluster.restartBroker(1);
        assertServes();

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("the former session times out after 18 s")
                .isLessThan(Duration.ofSeconds(12));
    }

    @Test
    void sigtermEndsItInGoodOrderWithKafkasExitCode() {
        cluster.startZooKeeper();
        cluster.startBroker(1, BrokerKind.BARNABAS);
        assertServes();

        assertThat(cluster.broker(1).terminate(20)).isEqualTo(143);
        assertThat(cluster.brokerDirectory(1).resolve("data/.kafka_cleanshutdown"))
                .exists();
        assertThat(cluster.broker(1).tail(1000)).doesNotContain("\tat ");
    }

    @Test
    void sigtermWhileItStillStartsEndsItAtOnce() {
        ChildProcess process = ChildProcess.start(
                "starting broker",
                command(file(Map.of(
                        "zookeeper.connect",
                        "127.0.0.1:" + FreePorts.next(),
                        "zookeeper.connection.timeout.ms",
                        "60000"))),
                directory.resolve("starting.log"));
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(directory.resolve("data-2/.lock")));

        long begun = System.nanoTime();
        assertThat(process.terminate(15)).as(process.tail(20)).isEqualTo(143);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(9));
    }

    @Test
    void servesOnFromTheOtherDirectoriesWhenOneCannotBeUsed() throws Exception {
        cluster.startZooKeeper();
        Path bad = Files.createFile(directory.resolve("bad"));
        Path good = directory.resolve("good");
        cluster.launchBroker(1, BrokerKind.BARNABAS, Map.of("log.dirs", bad + "," + good));
        cluster.awaitBroker(1);

        assertServes();
        try (Admin admin = admin()) {
            Map<String, LogDirDescription> described = admin.describeLogDirs(List.of(1))
                    .allDescriptions()
                    .get(20, TimeUnit.SECONDS)
                    .get(1);
            assertThat(described.get(bad.toString()).error()).isNotNull();
            assertThat(described.get(good.toString()).error()).isNull();
        }
    }

    // ---- helpers

    private void assertServes() {
        String topic = "life-" + System.nanoTime();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "acks",
                "all",
                "delivery.timeout.ms",
                30_000,
                "request.timeout.ms",
                10_000,
                "linger.ms",
                0,
                "key.serializer",
                "org.apache.kafka.common.serialization.StringSerializer",
                "value.serializer",
                "org.apache.kafka.common.serialization.StringSerializer");
        try (Admin admin = admin();
                KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
            assertThat(producer.send(new ProducerRecord<>(topic, "v"))
                            .get(30, TimeUnit.SECONDS)
                            .offset())
                    .isZero();
        } catch (Exception e) {
            throw new AssertionError(
                    "broker 1 does not serve; it said\n" + cluster.broker(1).tail(40), e);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", cluster.bootstrap(), "default.api.timeout.ms", 30_000));
    }

    private CommandRun start(String... arguments) {
        return start(Map.of(), arguments);
    }

    private CommandRun start(Map<String, String> own, String... arguments) {
        Map<String, String> environment = new LinkedHashMap<>(own);
        environment.put("LOG_DIR", directory.resolve("script-logs").toString());
        environment.put("KAFKA_HEAP_OPTS", "-Xmx256M");
        return CommandRun.of(command(arguments), environment, "", directory, Duration.ofSeconds(60));
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(HOME.resolve("bin/kafka-server-start.sh").toString()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** A properties file of broker 2, with these on top. */
    private String file(Map<String, String> own) {
        Map<String, String> properties = new LinkedHashMap<>(ClusterProcesses.defaults());
        properties.put("broker.id", "2");
        properties.put("listeners", "PLAINTEXT://127.0.0.1:0");
        properties.put("log.dirs", directory.resolve("data-2").toString());
        properties.put("zookeeper.connect", cluster.zooKeeperConnect());
        properties.putAll(own);
        try {
            return Files.writeString(
                            Files.createTempFile(directory, "server", ".properties"),
                            properties.entrySet().stream()
                                    .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                                    .collect(Collectors.joining()))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertRefused(CommandRun run, String... because) {
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.err()).as(run.toString()).hasSize(1);
        assertThat(run.err().get(0)).as(run.toString()).contains(because);
        assertThat(run.out()).as(run.toString()).noneMatch(line -> line.startsWith("\tat "));
    }
}
