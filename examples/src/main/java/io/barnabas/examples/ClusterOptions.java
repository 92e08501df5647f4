// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.TopicExistsException;
import picocli.CommandLine.Option;

/** Where the cluster is, and settings a person adds to the client's; shared by all examples. */
public final class ClusterOptions {
    private static final int PATIENCE_MS = 8_000;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094",
            description = "brokers to begin with; default ${DEFAULT-VALUE}")
    private String bootstrapServer;

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description = "any setting of the Kafka client this example uses; may be repeated")
    private Map<String, String> properties = new LinkedHashMap<>();

    public String bootstrapServer() {
        return bootstrapServer;
    }

    /**
     * A client's settings: where the cluster is, what the example needs, and on top what was asked for with
     * {@code --property}.
     *
     * @param own what the example needs
     */
    public Map<String, Object> settings(Map<String, ?> own) {
        Map<String, Object> settings = plain(own);
        settings.putAll(properties);
        return settings;
    }

    /** Settings of a client beside the one that {@code --property} is for. */
    public Map<String, Object> plain(Map<String, ?> own) {
        Map<String, Object> settings = new HashMap<>(own);
        settings.put("bootstrap.servers", bootstrapServer);
        return settings;
    }

    /**
     * Creates the topics that are not there, with the cluster's default number of replicas.
     *
     * @throws ExampleException when no broker answers, or a topic cannot be created
     */
    public void ensureTopics(List<NewTopic> topics) throws InterruptedException {
        try (Admin admin = connect()) {
            admin.createTopics(topics).values().forEach((name, created) -> {
                try {
                    created.get(30, TimeUnit.SECONDS);
                    System.out.println("Created topic '" + name + "'.");
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new ExampleException("topic '" + name + "' could not be created: "
                                + e.getCause().getMessage());
                    }
                } catch (TimeoutException e) {
                    throw new ExampleException("topic '" + name + "' could not be created within 30 s");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /**
     * A client that has seen the cluster.
     *
     * @throws ExampleException when no broker answers within eight seconds
     */
    public Admin connect() throws InterruptedException {
        Admin admin = Admin.create(plain(Map.of("default.api.timeout.ms", 30_000, "request.timeout.ms", 10_000)));
        try {
            Collection<Node> nodes = admin.describeCluster().nodes().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
            if (!nodes.isEmpty()) {
                return admin;
            }
        } catch (ExecutionException | TimeoutException e) {
            // said below
        }
        admin.close(java.time.Duration.ZERO);
        throw new ExampleException(
                "no broker answers at " + bootstrapServer + "; 'bin/cluster.sh up' starts a local cluster");
    }
}
