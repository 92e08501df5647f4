// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.FreePorts;
import io.barnabas.lab.process.PropertiesFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** None, one, or an ensemble of ZooKeeper processes. Owned by the comparing thread. */
public final class ZooKeepers implements AutoCloseable {
    private final Launcher launcher;
    private final Path directory;
    private final List<Integer> clientPorts;
    private final List<Integer> peerPorts;
    private final List<Integer> electionPorts;
    private final List<ChildProcess> processes = new ArrayList<>();

    ZooKeepers(Launcher launcher, Path directory, int count) {
        this.launcher = launcher;
        this.directory = directory;
        this.clientPorts = ports(count);
        this.peerPorts = ports(count);
        this.electionPorts = ports(count);
    }

    /** How many there are. */
    public int count() {
        return clientPorts.size();
    }

    /** One of them, from 1. */
    public ChildProcess process(int id) {
        return processes.get(id - 1);
    }

    void start() {
        for (int id = 1; id <= count(); id++) {
            writeConfig(id);
            processes.add(launch(id));
        }
        for (int port : clientPorts) {
            Waiting.until("ZooKeeper to listen", 60, () -> FreePorts.listens(port), () -> process(1)
                    .tail(20));
        }
    }

    /** Starts one again. */
    public void restart(int id) {
        processes.set(id - 1, launch(id));
        Waiting.until(
                "ZooKeeper " + id + " to listen", 60, () -> FreePorts.listens(clientPorts.get(id - 1)), () -> process(
                                id)
                        .tail(20));
    }

    String connect() {
        return clientPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** NaN if there are none. */
    double cpuSeconds() {
        return count() == 0
                ? Double.NaN
                : processes.stream()
                        .filter(ChildProcess::isAlive)
                        .mapToDouble(each -> ProcessUsage.of(each.pid()).cpuSeconds())
                        .sum();
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::kill);
    }

    private ChildProcess launch(int id) {
        return launcher.zooKeeper(id, config(id), root(id));
    }

    private void writeConfig(int id) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("dataDir", root(id).resolve("data").toString());
        properties.put("clientPort", Integer.toString(clientPorts.get(id - 1)));
        properties.put("clientPortAddress", "127.0.0.1");
        properties.put("tickTime", "1000");
        properties.put("initLimit", "10");
        properties.put("syncLimit", "5");
        properties.put("maxClientCnxns", "0");
        properties.put("admin.enableServer", "false");
        if (count() > 1) {
            for (int peer = 1; peer <= count(); peer++) {
                properties.put(
                        "server." + peer, "127.0.0.1:" + peerPorts.get(peer - 1) + ":" + electionPorts.get(peer - 1));
            }
        }
        PropertiesFile.write(config(id), properties);
        try {
            Files.createDirectories(root(id).resolve("data"));
            Files.writeString(root(id).resolve("data/myid"), Integer.toString(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path root(int id) {
        return directory.resolve("zookeeper-" + id);
    }

    private Path config(int id) {
        return root(id).resolve("zookeeper.properties");
    }

    private static List<Integer> ports(int count) {
        return IntStream.range(0, count).mapToObj(i -> FreePorts.next()).toList();
    }
}
