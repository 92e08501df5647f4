// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.FreePorts;
import io.barnabas.lab.process.PropertiesFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The brokers of one product, numbered from 1, with what coordinates them: ZooKeeper processes, or the KRaft quorum the
 * brokers form themselves. Each keeps its port and directory over restarts. Owned by the comparing thread.
 */
public final class Cluster implements AutoCloseable {
    private static final int ZOOKEEPER_SESSION_MS = 6_000;

    private final Spec spec;
    private final Launcher launcher;
    private final Map<Integer, Integer> ports = new TreeMap<>();
    private final Map<Integer, Integer> quorumPorts = new TreeMap<>();
    private final Map<Integer, ChildProcess> brokers = new TreeMap<>();
    private final Map<Integer, BrokerProbe> probes = new TreeMap<>();
    private final ZooKeepers zooKeepers;

    /**
     * What to run.
     *
     * @param home the project's home, with everything built
     * @param directory where all data of this cluster goes
     * @param brokers how many
     * @param zooKeepers how many ZooKeeper nodes; ignored where there is none
     * @param settings broker settings in addition to the lab's
     */
    public record Spec(
            Product product,
            Path home,
            Path directory,
            int brokers,
            int zooKeepers,
            JvmOptions jvm,
            Map<String, String> settings) {
        /** The same with other broker settings. */
        public Spec withJvm(JvmOptions other) {
            return new Spec(product, home, directory, brokers, zooKeepers, other, settings);
        }
    }

    public Cluster(Spec spec) {
        this.spec = spec;
        this.launcher = new Launcher(spec);
        this.zooKeepers =
                new ZooKeepers(launcher, spec.directory(), spec.product().hasZooKeeper() ? spec.zooKeepers() : 0);
        for (int id = 1; id <= spec.brokers(); id++) {
            ports.put(id, FreePorts.next());
            quorumPorts.put(id, FreePorts.next());
            probes.put(id, new BrokerProbe(ports.get(id)));
        }
    }

    public Product product() {
        return spec.product();
    }

    /** What is started, in a report's words. */
    public String description() {
        String brokers = product().title() + " " + product().version(spec.home()) + ", " + spec.brokers()
                + (spec.brokers() == 1 ? " broker" : " brokers") + " on loopback with "
                + String.join(" ", spec.jvm().heap());
        return brokers
                + (product().hasZooKeeper()
                        ? " and " + zooKeepers.count() + " ZooKeeper, session timeout " + ZOOKEEPER_SESSION_MS / 1_000
                                + " s"
                        : ", controllers too, session timeout by default");
    }

    /** Starts everything at once and waits until every broker knows all of them. */
    public void start() {
        zooKeepers.start();
        writeConfigs();
        if (!product().hasZooKeeper()) {
            launcher.formatKRaft(ids().stream().map(this::configFile).toList());
        }
        launchAll();
        Waiting.until("all brokers to know each other", 180, this::completeOrFailed, this::diagnosis);
    }

    private boolean completeOrFailed() {
        if (liveIds().size() < spec.brokers()) {
            throw new IllegalStateException("a broker ended while it started\n" + diagnosis());
        }
        return complete();
    }

    /** Starts all brokers without waiting. */
    public void launchAll() {
        ids().forEach(this::launch);
    }

    /** Starts a broker without waiting for it. */
    public void launch(int id) {
        closeProbe(id);
        brokers.put(id, launcher.broker(id, configFile(id), brokerDirectory(id)));
    }

    /** Whether every broker answers and knows all others. */
    public boolean complete() {
        return ids().stream().allMatch(id -> probe(id).brokersKnown() == spec.brokers());
    }

    public ChildProcess broker(int id) {
        return brokers.get(id);
    }

    public ZooKeepers zooKeepers() {
        return zooKeepers;
    }

    public BrokerProbe probe(int id) {
        return probes.get(id);
    }

    public List<Integer> ids() {
        return IntStream.rangeClosed(1, spec.brokers()).boxed().toList();
    }

    /** Brokers whose process runs, paused ones included. */
    public List<Integer> liveIds() {
        return ids().stream()
                .filter(id -> brokers.containsKey(id) && brokers.get(id).isAlive())
                .toList();
    }

    public Path brokerDirectory(int id) {
        return spec.directory().resolve("broker-" + id);
    }

    /** All brokers' addresses, for clients. */
    public String bootstrap() {
        return ports.values().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** All live brokers together. */
    public ProcessUsage usage() {
        return ProcessUsage.together(livePids());
    }

    /** Likewise, thread by thread. */
    public ThreadUsage threads() {
        return ThreadUsage.of(livePids());
    }

    private List<Long> livePids() {
        return liveIds().stream().map(id -> brokers.get(id).pid()).toList();
    }

    /** The CPU seconds of what coordinates the brokers from outside; NaN without ZooKeeper. */
    public double coordinationCpuSeconds() {
        return zooKeepers.cpuSeconds();
    }

    /** What the brokers said last, for a failure's message. */
    public String diagnosis() {
        return brokers.entrySet().stream()
                .map(each -> "broker " + each.getKey() + (each.getValue().isAlive() ? "" : " (dead)") + ":\n"
                        + each.getValue().tail(8))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        ids().forEach(this::closeProbe);
        brokers.values().forEach(ChildProcess::kill);
        zooKeepers.close();
    }

    /** Forgets the connection to a broker that has been stopped. */
    public void closeProbe(int id) {
        probes.get(id).close();
    }

    private Path configFile(int id) {
        return brokerDirectory(id).resolve("server.properties");
    }

    private void writeConfigs() {
        for (int id : ids()) {
            Map<String, String> properties = new LinkedHashMap<>(common());
            properties.put("log.dirs", brokerDirectory(id).resolve("data").toString());
            String client = "PLAINTEXT://127.0.0.1:" + ports.get(id);
            if (product().hasZooKeeper()) {
                properties.put("broker.id", Integer.toString(id));
                properties.put("listeners", client);
                properties.put("zookeeper.connect", zooKeepers.connect());
                properties.put("zookeeper.session.timeout.ms", Integer.toString(ZOOKEEPER_SESSION_MS));
                // a ZooKeeper just started on a busy machine may take its time; by default it is the session's
                properties.put("zookeeper.connection.timeout.ms", "30000");
            } else {
                properties.put("node.id", Integer.toString(id));
                properties.put("process.roles", "broker,controller");
                properties.put("listeners", client + ",CONTROLLER://127.0.0.1:" + quorumPorts.get(id));
                properties.put("advertised.listeners", client);
                properties.put("controller.listener.names", "CONTROLLER");
                properties.put("inter.broker.listener.name", "PLAINTEXT");
                properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
                properties.put("controller.quorum.voters", voters());
            }
            properties.putAll(spec.settings());
            PropertiesFile.write(configFile(id), properties);
        }
    }

    private Map<String, String> common() {
        String copies = Integer.toString(Math.min(3, spec.brokers()));
        String enough = Integer.toString(Math.min(2, spec.brokers()));
        Map<String, String> common = new LinkedHashMap<>();
        common.put("min.insync.replicas", enough);
        common.put("default.replication.factor", copies);
        common.put("offsets.topic.replication.factor", copies);
        common.put("transaction.state.log.replication.factor", copies);
        common.put("transaction.state.log.min.isr", enough);
        common.put("group.initial.rebalance.delay.ms", "0");
        common.put("auto.create.topics.enable", "false");
        return common;
    }

    private String voters() {
        List<String> voters = new ArrayList<>();
        quorumPorts.forEach((id, port) -> voters.add(id + "@127.0.0.1:" + port));
        return String.join(",", voters);
    }
}
