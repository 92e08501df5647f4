// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import io.barnabas.lab.process.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the processes of one product. Barnabas is started by its own script; Kafka's scripts are not among what Maven
 * fetches, so its command lines are made here as they would be.
 */
final class Launcher {
    private static final String CLUSTER_ID = "bGFiLWNsdXN0ZXItaWQtMQ";

    private final Cluster.Spec spec;

    Launcher(Cluster.Spec spec) {
        this.spec = spec;
    }

    ChildProcess broker(int id, Path config, Path directory) {
        List<String> command = new ArrayList<>();
        if (spec.product() == Product.BARNABAS) {
            command.addAll(environment(spec.jvm().heap(), directory));
            command.add(spec.home().resolve("bin/kafka-server-start.sh").toString());
        } else {
            command.addAll(java(
                    spec.jvm().heap(),
                    spec.jvm().of(spec.product()),
                    spec.product().libraries()));
            command.add("kafka.Kafka");
        }
        command.add(config.toString());
        return ChildProcess.start("broker " + id, command, directory.resolve("broker.log"));
    }

    ChildProcess zooKeeper(int id, Path config, Path directory) {
        // the same server for every product that needs one
        List<String> command = environment(List.of("-Xmx256m"), directory);
        command.add(spec.home().resolve("bin/zookeeper-server-start.sh").toString());
        command.add(config.toString());
        return ChildProcess.start("zookeeper " + id, command, directory.resolve("zookeeper.log"));
    }

    /** For scripts of ours: what is not said here is as they have it. */
    private List<String> environment(List<String> heap, Path directory) {
        List<String> command = new ArrayList<>();
        command.add("/usr/bin/env");
        command.add("KAFKA_HEAP_OPTS=" + String.join(" ", heap));
        command.add("JAVA_HOME=" + System.getProperty("java.home"));
        command.add("LOG_DIR=" + directory.resolve("logs"));
        command.add("EXTRA_ARGS= ");
        if (!spec.jvm().common().isEmpty()) {
            command.add(
                    "KAFKA_JVM_PERFORMANCE_OPTS=" + String.join(" ", spec.jvm().common()));
            command.add("BARNABAS_CLASS_ARCHIVE=off");
        }
        command.add("KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=" + loggingConfig());
        return command;
    }

    /** Writes each node's identity into its empty directory, all at the same time. */
    void formatKRaft(List<Path> configs) {
        List<ChildProcess> tools = new ArrayList<>();
        for (Path config : configs) {
            List<String> command = java(
                    List.of("-Xmx128m"),
                    List.of("-XX:+UseSerialGC"),
                    spec.product().libraries());
            command.add("kafka.tools.StorageTool");
            command.addAll(List.of("format", "-t", CLUSTER_ID, "-c", config.toString()));
            tools.add(ChildProcess.start("format", command, config.resolveSibling("format.log")));
        }
        for (ChildProcess tool : tools) {
            if (tool.await(60) != 0) {
                throw new IllegalStateException("formatting a KRaft directory failed:\n" + tool.tail(20));
            }
        }
    }

    private List<String> java(List<String> heap, List<String> options, String libraries) {
        Path jars = spec.home().resolve(libraries);
        if (!Files.isDirectory(jars)) {
            throw new IllegalStateException("no libraries in " + jars + "; bin/compare.sh fetches and builds them");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(heap);
        command.addAll(options);
        command.add("-Dlog4j2.configurationFile=" + loggingConfig());
        command.add("-cp");
        command.add(jars + "/*");
        return command;
    }

    private static String loggingConfig() {
        return String.valueOf(Launcher.class.getResource("/lab-log4j2.properties"));
    }
}
