// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * One ZooKeeper and some brokers on loopback, each a process of its own with its data under one directory. Brokers
 * keep their ports and directories over restarts, and may come back as the other kind. Owned by the test's thread.
 */
public final class ClusterProcesses implements AutoCloseable {
    private static final int START_SECONDS = 120;

    private final Path home =
            Path.of(System.getProperty("barnabas.home", "..")).toAbsolutePath().normalize();
    private final Path directory;
    private final Map<String, String> settings;
    private final ZooKeeperServers zooKeepers;
    private final Map<Integer, Integer> ports = new TreeMap<>();
    private final Map<Integer, ChildProcess> brokers = new TreeMap<>();
    private final Map<Integer, BrokerKind> kinds = new HashMap<>();
    private final Map<Integer, Map<String, String>> ownSettings = new HashMap<>();
    private List<String> jvmOptions = List.of();

    /**
     * @param directory everything of this cluster goes here
     * @param settings broker properties for all, on top of {@link #defaults()}
     */
    public ClusterProcesses(Path directory, Map<String, String> settings) {
        this(directory, settings, 1);
    }

    /** @param zooKeepers how many ZooKeeper servers: one, or an odd number for an ensemble */
    public ClusterProcesses(Path directory, Map<String, String> settings, int zooKeepers) {
        this.directory = directory;
        this.settings = new LinkedHashMap<>(defaults());
        this.settings.putAll(settings);
        this.zooKeepers = new ZooKeeperServers(directory, zooKeepers);
    }

    /** Further options for the JVMs of brokers started from now on. */
    public void brokerJvmOptions(List<String> options) {
        jvmOptions = List.copyOf(options);
    }

    /** What a three-broker test cluster wants: three copies, two in sync, a six second session. */
    public static Map<String, String> defaults() {
        return Map.ofEntries(
                Map.entry("default.replication.factor", "3"),
                Map.entry("min.insync.replicas", "2"),
                Map.entry("num.partitions", "3"),
                Map.entry("offsets.topic.replication.factor", "3"),
                Map.entry("offsets.topic.num.partitions", "8"),
                Map.entry("transaction.state.log.replication.factor", "3"),
                Map.entry("transaction.state.log.min.isr", "2"),
                Map.entry("transaction.state.log.num.partitions", "8"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("zookeeper.session.timeout.ms", "6000"),
                Map.entry("controlled.shutdown.retry.backoff.ms", "500"));
    }

    /** Starts ZooKeeper, all of it, and waits until it serves. */
    public void startZooKeeper() {
        for (int id = 1; id <= zooKeepers.count(); id++) {
            zooKeepers.launch(id, jvm(BrokerKind.BARNABAS, "-Xmx256m"));
        }
        for (int id = 1; id <= zooKeepers.count(); id++) {
            awaitZooKeeper(id);
        }
    }

    /** Starts one ZooKeeper server again, and waits until it serves. */
    public void startZooKeeper(int id) {
        zooKeepers.launch(id, jvm(BrokerKind.BARNABAS, "-Xmx256m"));
        awaitZooKeeper(id);
    }

    private void awaitZooKeeper(int id) {
        await("ZooKeeper " + id + " to serve", () -> zooKeepers.serves(id), zooKeepers.process(id));
    }

    /** Starts a broker without waiting for it. */
    public void launchBroker(int id, BrokerKind kind) {
        launchBroker(id, kind, ownSettings.getOrDefault(id, Map.of()));
    }

    /** Starts a broker with settings of its own, which it keeps over restarts, without waiting for it. */
    public void launchBroker(int id, BrokerKind kind, Map<String, String> own) {
        Path root = brokerDirectory(id);
        Map<String, String> properties = new LinkedHashMap<>(settings);
        properties.put("broker.id", Integer.toString(id));
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + port(id));
        properties.put("log.dirs", root.resolve("data").toString());
        properties.put("zookeeper.connect", zooKeeperConnect());
        properties.putAll(own);
        PropertiesFile.write(root.resolve("server.properties"), properties);
        List<String> command = jvm(kind, "-Xmx512m");
        command.addAll(jvmOptions);
        command.add(kind.mainClass());
        command.add(root.resolve("server.properties").toString());
        brokers.put(id, ChildProcess.java("broker " + id, command, root.resolve("broker.log")));
        kinds.put(id, kind);
        ownSettings.put(id, Map.copyOf(own));
    }

    /** Waits until a launched broker accepts connections. */
    public void awaitBroker(int id) {
        await("broker " + id + " to listen", () -> FreePorts.listens(port(id)), broker(id));
    }

    public void startBroker(int id, BrokerKind kind) {
        launchBroker(id, kind);
        awaitBroker(id);
    }

    /** Starts it again as what it was. */
    public void restartBroker(int id) {
        startBroker(id, kinds.get(id));
    }

    public void startBrokers(BrokerKind... each) {
        for (int i = 0; i < each.length; i++) {
            launchBroker(i + 1, each[i]);
        }
        for (int i = 0; i < each.length; i++) {
            awaitBroker(i + 1);
        }
    }

    public ChildProcess broker(int id) {
        return brokers.get(id);
    }

    public BrokerKind kind(int id) {
        return kinds.get(id);
    }

    /** The only ZooKeeper server, or the first. */
    public ChildProcess zooKeeper() {
        return zooKeepers.process(1);
    }

    public ZooKeeperServers zooKeepers() {
        return zooKeepers;
    }

    public String zooKeeperConnect() {
        return zooKeepers.connect();
    }

    public Path brokerDirectory(int id) {
        return directory.resolve("broker-" + id);
    }

    /** The address of one broker. */
    public String address(int id) {
        return "127.0.0.1:" + port(id);
    }

    /** All brokers' addresses, for clients. */
    public String bootstrap() {
        return ports.values().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        brokers.values().forEach(ChildProcess::kill);
        zooKeepers.close();
    }

    /** The port a broker listens on, also before it is started. */
    public int port(int id) {
        return ports.computeIfAbsent(id, key -> FreePorts.next());
    }

    private List<String> jvm(BrokerKind kind, String heap) {
        Path libraries = home.resolve(kind.libraries());
        if (!Files.isDirectory(libraries)) {
            throw new IllegalStateException("no libraries in " + libraries + ": run mvn package first");
        }
        List<String> command = new ArrayList<>();
        command.add(heap);
        command.addAll(kind.jvmOptions());
        command.add("-Dlog4j2.configurationFile=" + getClass().getResource("/lab-log4j2.properties"));
        command.add("-cp");
        command.add(libraries + "/*");
        return command;
    }

    private static void await(String what, BooleanSupplier condition, ChildProcess process) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!condition.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "waited for " + what + "; " + process.output() + " ends with\n" + process.tail(30));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
