// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A ZooKeeper on loopback: one server, or an ensemble of several. Each is a process of its own that keeps its ports and
 * its data over restarts. Owned by the test's thread.
 */
public final class ZooKeeperServers implements AutoCloseable {
    private static final int ANSWER_TIMEOUT_MS = 2_000;

    private final Path directory;
    private final List<Server> servers = new ArrayList<>();

    private static final class Server {
        final int clientPort = FreePorts.next();
        final int peerPort = FreePorts.next();
        final int electionPort = FreePorts.next();
        ChildProcess process;
    }

    /**
     * @param directory everything of these servers goes here
     * @param count one, or an odd number for an ensemble
     */
    ZooKeeperServers(Path directory, int count) {
        this.directory = directory;
        for (int i = 0; i < count; i++) {
            servers.add(new Server());
        }
    }

    public int count() {
        return servers.size();
    }

    /** Starts a server without waiting for it. */
    void launch(int id, List<String> jvm) {
        Path root = directory.resolve(count() == 1 ? "zookeeper" : "zookeeper-" + id);
        PropertiesFile.write(root.resolve("zookeeper.properties"), properties(id, root));
        writeMyId(root.resolve("data"), id);
        List<String> command = new ArrayList<>(jvm);
        command.add("org.apache.zookeeper.server.quorum.QuorumPeerMain");
        command.add(root.resolve("zookeeper.properties").toString());
        server(id).process = ChildProcess.java("zookeeper " + id, command, root.resolve("zookeeper.log"));
    }

    private Map<String, String> properties(int id, Path root) {
        Map<String, String> properties = new LinkedHashMap<>(Map.of(
                "dataDir", root.resolve("data").toString(),
                "clientPort", Integer.toString(server(id).clientPort),
                "clientPortAddress", "127.0.0.1",
                "tickTime", "1000",
                "initLimit", "20",
                "syncLimit", "5",
                "maxClientCnxns", "0",
                "admin.enableServer", "false"));
        if (count() > 1) {
            for (int other = 1; other <= count(); other++) {
                properties.put(
                        "server." + other, "127.0.0.1:" + server(other).peerPort + ":" + server(other).electionPort);
            }
        }
        return properties;
    }

    private static void writeMyId(Path data, int id) {
        try {
            Files.createDirectories(data);
            Files.writeString(data.resolve("myid"), id + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server takes part: alone or in a majority it can reach. */
    public boolean serves(int id) {
        return srvr(id).contains("Mode: ");
    }

    /** The member that leads the ensemble; none while there is no majority. */
    public OptionalInt leader() {
        return IntStream.rangeClosed(1, count())
                .filter(id -> srvr(id).contains("Mode: leader"))
                .findFirst();
    }

    private String srvr(int id) {
        if (server(id).process == null || !server(id).process.isAlive()) {
            return "";
        }
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(ANSWER_TIMEOUT_MS);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server(id).clientPort), ANSWER_TIMEOUT_MS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return new String(answer.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    /** The process of a member, counted from 1. */
    public ChildProcess process(int id) {
        return server(id).process;
    }

    /** The port a member serves clients on. */
    public int clientPort(int id) {
        return server(id).clientPort;
    }

    String connect() {
        return servers.stream().map(server -> "127.0.0.1:" + server.clientPort).collect(Collectors.joining(","));
    }

    private Server server(int id) {
        return servers.get(id - 1);
    }

    @Override
    public void close() {
        servers.stream()
                .map(server -> server.process)
                .filter(process -> process != null)
                .forEach(ChildProcess::kill);
    }
}
