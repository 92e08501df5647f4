// SPDX-License-Identifier: Apache-2.0
package io.barnabas.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The quick start's tour: traffic through a group while the broker that leads and controls dies, and the proof that
 * nothing acknowledged was lost. Exit code 0 when all of it was seen.
 */
@Command(name = "quickstart.sh", mixinStandardHelpOptions = true)
public final class QuickstartTour implements Callable<Integer> {
    private static final String TOPIC = "quickstart";
    private static final long TRAFFIC_BEFORE = 2_000;
    private static final long TRAFFIC_AFTER = 2_000;

    @Option(names = "--bootstrap-server", required = true)
    private String bootstrapServer;

    @Option(names = "--cluster-script", required = true, description = "the script that kills and starts brokers")
    private Path clusterScript;

    public static void main(String[] args) {
        CommandLine command = new CommandLine(new QuickstartTour());
        command.setExecutionExceptionHandler((e, line, result) -> {
            System.err.println("quickstart: " + e.getMessage() + "; 'bin/cluster.sh status' and 'bin/cluster.sh logs N'"
                    + " show more");
            return 1;
        });
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServer))) {
            createTopic(admin);
            try (Traffic traffic = new Traffic(bootstrapServer, TOPIC)) {
                traffic.start();
                await(
                        "the first " + TRAFFIC_BEFORE + " records",
                        30,
                        () -> traffic.ledger().count() >= TRAFFIC_BEFORE && traffic.consumed() >= TRAFFIC_BEFORE / 2);
                say(
                        "Produced %d records (acks=all, idempotent), the group has read %d.",
                        traffic.ledger().count(), traffic.consumed());
                int victim = controller(admin);
                show(admin);
                failOver(admin, traffic, victim);
                traffic.stopProducing();
                await(
                        "the group to catch up",
                        30,
                        () -> traffic.consumed() >= traffic.ledger().count());
                boolean kept = readBack(traffic.ledger());
                heal(admin, victim);
                farewell();
                return kept ? 0 : 1;
            }
        }
    }

    private void createTopic(Admin admin) throws Exception {
        try {
            NewTopic topic = new NewTopic(TOPIC, 3, (short) 3).configs(Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
            say("Created topic '%s': 3 partitions, 3 replicas each, min.insync.replicas=2.", TOPIC);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("topic '" + TOPIC + "' could not be created: "
                        + e.getCause().getMessage());
            }
            say("Topic '%s' is there from an earlier run; going on with it.", TOPIC);
        }
        awaitTopic(admin, partition -> hasLeader(partition) && partition.isr().size() == 3, "a full ISR");
    }

    private void failOver(Admin admin, Traffic traffic, int victim) throws Exception {
        say("%nKilling broker %d with kill -9: it is the controller, and leads a partition.", victim);
        traffic.ledger().startWatch(System.nanoTime());
        long before = traffic.ledger().count();
        script("kill", String.valueOf(victim));
        awaitTopic(
                admin, partition -> hasLeader(partition) && partition.leader().id() != victim, "new leaders");
        await("records to flow again", 60, () -> traffic.ledger().count() >= before + TRAFFIC_AFTER);
        int successor = controller(admin);
        show(admin);
        say(
                "Broker %d is the controller now. Producing went on; the longest time without an acknowledgement was %.1f s.",
                successor, traffic.ledger().longestGapMs() / 1000.0);
    }

    private boolean readBack(AckLedger ledger) {
        Map<TopicPartition, Map<Long, String>> promised = ledger.snapshot();
        long missing = 0;
        Map<String, Integer> seen = new HashMap<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServer,
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            Set<TopicPartition> partitions = promised.keySet();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Map<Long, String>> read = new HashMap<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(500)).forEach(item -> {
                    read.computeIfAbsent(new TopicPartition(item.topic(), item.partition()), key -> new HashMap<>())
                            .put(item.offset(), item.value());
                    seen.merge(item.value(), 1, Integer::sum);
                });
            }
            for (Map.Entry<TopicPartition, Map<Long, String>> entry : promised.entrySet()) {
                Map<Long, String> found = read.getOrDefault(entry.getKey(), Map.of());
                missing += entry.getValue().entrySet().stream()
                        .filter(promise -> !promise.getValue().equals(found.get(promise.getKey())))
                        .count();
            }
        }
        long doubled = seen.values().stream().filter(times -> times > 1).count();
        say(
                "%nRead back: %d records acknowledged, %d missing, %d doubled, %d sends failed.",
                ledger.count(), missing, doubled, ledger.failures());
        return missing == 0 && doubled == 0;
    }

    private void heal(Admin admin, int victim) throws Exception {
        say("Starting broker %d again …", victim);
        script("start", String.valueOf(victim));
        awaitTopic(admin, partition -> partition.isr().size() == 3, "broker " + victim + " to be in sync again");
        show(admin);
    }

    private void farewell() {
        say("%nThe cluster keeps running. Try:");
        String server = bootstrapServer.split(",", -1)[0];
        say("  bin/kafka-topics.sh --bootstrap-server %s --describe --topic %s", server, TOPIC);
        say("  bin/kafka-console-producer.sh --bootstrap-server %s --topic hello", server);
        say("  bin/kafka-console-consumer.sh --bootstrap-server %s --topic hello --from-beginning", server);
        say("  bin/cluster.sh status | kill 2 | pause 3 | start 2 | stop 1 | logs 1 | down");
    }

    private void show(Admin admin) throws Exception {
        say("  %-14s %-8s %-14s %s", "partition", "leader", "replicas", "in sync");
        for (TopicPartitionInfo partition : describe(admin).partitions()) {
            say(
                    "  %-14s %-8s %-14s %s",
                    TOPIC + "-" + partition.partition(),
                    hasLeader(partition) ? partition.leader().id() : "none",
                    ids(partition.replicas()),
                    ids(partition.isr()));
        }
    }

    private static String ids(List<Node> nodes) {
        return nodes.stream().map(Node::idString).toList().toString();
    }

    private static boolean hasLeader(TopicPartitionInfo partition) {
        return partition.leader() != null && !partition.leader().isEmpty();
    }

    private static TopicDescription describe(Admin admin) throws Exception {
        return admin.describeTopics(List.of(TOPIC))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(TOPIC);
    }

    private static int controller(Admin admin) throws Exception {
        Node controller = admin.describeCluster().controller().get(30, TimeUnit.SECONDS);
        if (controller == null) {
            throw new KafkaException("the cluster names no controller");
        }
        return controller.id();
    }

    private static void awaitTopic(Admin admin, Predicate<TopicPartitionInfo> condition, String what) throws Exception {
        await(what, 60, () -> {
            try {
                return describe(admin).partitions().stream().allMatch(condition);
            } catch (ExecutionException e) {
                return false;
            }
        });
    }

    private static void await(String what, int seconds, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("waited " + seconds + " s for " + what);
            }
            Thread.sleep(50);
        }
    }

    private void script(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = clusterScript.toString();
        System.arraycopy(words, 0, command, 1, words.length);
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new KafkaException(String.join(" ", command) + " failed with exit code " + exit);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(format + "%n", values);
        System.out.flush();
    }
}
