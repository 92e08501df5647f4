// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.client.ClientText;
import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.cluster.JvmOptions;
import io.barnabas.lab.compare.cluster.Product;
import io.barnabas.lab.compare.cluster.StolenTime;
import io.barnabas.lab.compare.result.Metric;
import io.barnabas.lab.compare.result.Results;
import io.barnabas.lab.compare.result.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * What a workload needs for one system in one round: clusters of it, the client, and somewhere to put figures.
 *
 * @param home the project's home
 * @param directory for this run's data, deleted by its owner
 * @param say tells the user how it goes
 * @param stolen asked as each figure is noted
 */
public record Bench(
        Product product,
        int round,
        Scale scale,
        JvmOptions jvm,
        Path home,
        Path directory,
        Results results,
        Consumer<String> say,
        StolenTime stolen) {
    /** Starts a cluster with the heap for load: fixed, so that none gains by growing or pays for it. */
    Cluster start(int brokers) throws IOException {
        return start(brokers, 1, jvm);
    }

    Cluster start(int brokers, int zooKeepers, JvmOptions options) throws IOException {
        Cluster cluster = new Cluster(new Cluster.Spec(
                product,
                home,
                Files.createTempDirectory(directory, "cluster-"),
                brokers,
                zooKeepers,
                options,
                Map.of()));
        results.circumstance(Results.SYSTEMS, cluster.description());
        try {
            cluster.start();
        } catch (IllegalStateException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    Client client(Cluster cluster) throws IOException {
        return Client.start(home, directory, cluster, results);
    }

    /** Notes how much a workload writes, or for how long. */
    void amount(String workload, String text) {
        results.circumstance(Results.AMOUNTS, workload + ": " + text);
    }

    /** Notes that a workload's own requests come from the process that compares. */
    void asksItself(String workload) {
        results.circumstance(
                Results.CLIENT, "for " + workload + ", the comparing process: " + ClientText.ofThisProcess());
    }

    /** As many records of 1 KB as fast as they go into a topic of their own, so that the coldest part is over. */
    void warmUp(Cluster cluster, Client client, long records) throws Exception {
        say.accept("warming up with " + String.format(Locale.ROOT, "%,d", records) + " records …");
        createTopic(cluster, "warm-up", 3, 3);
        client.produce("warm-up", 1024, records, 0).faults().forEach(fault -> problem("warm-up", fault));
    }

    /** Notes a case's figures and tells them. */
    void record(String workload, String variant, Map<Metric, Double> figures) {
        Map<Metric, Double> kept = new EnumMap<>(Metric.class);
        kept.putAll(figures);
        kept.put(Metric.STOLEN_PERCENT, stolen.percent());
        kept.values().removeIf(value -> value.isNaN());
        results.add(new Sample(workload, variant, product, round, kept));
        say.accept(variant + ": "
                + kept.entrySet().stream()
                        .map(each -> each.getKey().title() + " " + Metric.format(each.getValue()) + " "
                                + each.getKey().unit())
                        .collect(Collectors.joining(", ")));
    }

    /** Notes that something was not as it must be. */
    void problem(String workload, String text) {
        String line = workload + " on " + product.title() + ", round " + round + ": " + text;
        results.problem(line);
        say.accept("PROBLEM " + line);
    }

    /** For orders that may take their time. */
    static Admin admin(Cluster cluster) {
        return admin(cluster, 120, 180);
    }

    /** For questions that should be answered soon; one that is not names itself when it fails, after half a minute. */
    static Admin asking(Cluster cluster) {
        return admin(cluster, 10, 30);
    }

    private static Admin admin(Cluster cluster, int requestSeconds, int callSeconds) {
        return Admin.create(Map.of(
                "bootstrap.servers", cluster.bootstrap(),
                "request.timeout.ms", requestSeconds * 1_000,
                "default.api.timeout.ms", callSeconds * 1_000));
    }

    static void createTopic(Cluster cluster, String name, int partitions, int replicas)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = admin(cluster)) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) replicas)))
                    .all()
                    .get(180, TimeUnit.SECONDS);
            TopicWatch.awaitFull(cluster, name, partitions, 120);
            awaitLeaders(admin, name, partitions);
        }
    }

    /**
     * Until each partition's leader answers for it. KRaft's brokers tell of a topic before they lead it, and what is sent
     * to them in between may cost a producer its first records (KAFKA-15591), which is not what load measures.
     */
    private static void awaitLeaders(Admin admin, String topic, int partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> all = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(topic, partition), partition -> OffsetSpec.latest()));
        admin.listOffsets(all).all().get(180, TimeUnit.SECONDS);
    }
}
