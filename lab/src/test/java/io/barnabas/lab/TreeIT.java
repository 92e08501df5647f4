// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same operations on a cluster of Apache Kafka 3.9.2 and on ours leave the same ZooKeeper tree: paths, ephemerals,
 * versions, JSON fields and their types, but for ids, times, ports and random choices.
 */
@Tag("referee")
class TreeIT {
    /** Placed at random, or with an ISR in the order in which new replicas happened to catch up. */
    private static final Pattern RANDOM_ORDER = Pattern.compile("/brokers/topics/(__.*|moved/partitions/.*)");

    private static final Pattern RANDOM_LEADER = Pattern.compile("/brokers/topics/__.*");
    private static final String PRODUCER_IDS = "/latest_producer_id_block";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void sameOperationsLeaveTheSameTree() throws Exception {
        TreeMap<String, String> kafka = treeAfterScript(BrokerKind.KAFKA);
        TreeMap<String, String> ours = treeAfterScript(BrokerKind.BARNABAS);
        List<String> differences = new ArrayList<>();
        Set<String> paths = new TreeSet<>(kafka.keySet());
        paths.addAll(ours.keySet());
        for (String path : paths) {
            String theirs = kafka.getOrDefault(path, "absent");
            String own = ours.getOrDefault(path, "absent");
            if (!theirs.equals(own)) {
                differences.add(path + "\n  Kafka:    " + theirs + "\n  Barnabas: " + own);
            }
        }
        assertThat(differences).as("%d znodes", paths.size()).isEmpty();
        assertThat(paths)
                .as("what the script touches")
                .contains("/brokers/topics/moved", "/config/brokers/1", "/latest_producer_id_block");
    }

    private TreeMap<String, String> treeAfterScript(BrokerKind kind) throws Exception {
        try (ClusterProcesses cluster = new ClusterProcesses(
                        directory.resolve(kind.name()),
                        Map.of("auto.leader.rebalance.enable", "false", "broker.rack", "r1"));
                ZooKeeperTree tree = startInOrder(cluster, kind);
                Admin admin = Admin.create(
                        Map.of("bootstrap.servers", cluster.bootstrap(), "default.api.timeout.ms", 30_000))) {
            topics(admin, tree);
            traffic(cluster.bootstrap());
            configs(admin);
            moves(admin, tree);
            await("notifications to be read").atMost(Duration.ofSeconds(30)).until(() -> tree.read().keySet().stream()
                    .noneMatch(path -> path.startsWith("/isr_change_notification/")));
            TreeMap<String, String> lines = new TreeMap<>();
            tree.read().forEach((path, znode) -> lines.put(path, normal(znode)));
            return lines;
        }
    }

    /** Broker 1 first, so that it is the controller. */
    private static ZooKeeperTree startInOrder(ClusterProcesses cluster, BrokerKind kind) throws Exception {
        cluster.startZooKeeper();
        ZooKeeperTree tree = new ZooKeeperTree(cluster.zooKeeperConnect());
        cluster.startBroker(1, kind);
        await().atMost(Duration.ofSeconds(30)).until(() -> tree.exists("/controller"));
        cluster.launchBroker(2, kind);
        cluster.launchBroker(3, kind);
        cluster.awaitBroker(2);
        cluster.awaitBroker(3);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> tree.exists("/brokers/ids/2") && tree.exists("/brokers/ids/3"));
        return tree;
    }

    private static void topics(Admin admin, ZooKeeperTree tree) throws Exception {
        List<NewTopic> topics = List.of(
                new NewTopic("plain", Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1))),
                new NewTopic("with-configs", Map.of(0, List.of(3, 1)))
                        .configs(Map.of("retention.ms", "86400000", "min.insync.replicas", "1")),
                new NewTopic("moved", Map.of(0, List.of(1), 1, List.of(2))),
                new NewTopic("grown", Map.of(0, List.of(1, 2), 1, List.of(2, 3))),
                new NewTopic("preferred", Map.of(0, List.of(1, 2, 3))),
                new NewTopic("doomed", Map.of(0, List.of(2, 1), 1, List.of(3, 2)))
                        .configs(Map.of("retention.ms", "1")));
        for (NewTopic topic : topics) {
            get(admin.createTopics(List.of(topic)).all());
        }
        get(admin.createPartitions(
                        Map.of("plain", NewPartitions.increaseTo(4, List.of(List.of(3, 1, 2), List.of(1, 3, 2)))))
                .all());
        get(admin.deleteTopics(List.of("doomed")).all());
        await("the topic to be gone")
                .atMost(Duration.ofSeconds(30))
                .until(() -> !tree.exists("/brokers/topics/doomed") && !tree.exists("/admin/delete_topics/doomed"));
    }

    /** One idempotent producer's records, a group's commit. */
    private static void traffic(String bootstrap) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap,
                "group.id", "readers",
                "auto.offset.reset", "earliest",
                "key.serializer", StringSerializer.class,
                "value.serializer", StringSerializer.class,
                "key.deserializer", StringDeserializer.class,
                "value.deserializer", StringDeserializer.class);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>("plain", "k" + i, "v")).get(30, TimeUnit.SECONDS);
            }
        }
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of("plain"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> consumer.poll(Duration.ofMillis(200)).count() > 0);
            consumer.commitSync();
        }
    }

    private static void configs(Admin admin) throws Exception {
        set(admin, ConfigResource.Type.TOPIC, "plain", "retention.bytes", "1000000");
        set(admin, ConfigResource.Type.TOPIC, "with-configs", "cleanup.policy", "compact");
        set(admin, ConfigResource.Type.BROKER, "1", "log.cleaner.threads", "2");
        set(admin, ConfigResource.Type.BROKER, "", "background.threads", "5");
        set(admin, ConfigResource.Type.BROKER, "2", "log.cleaner.threads", "2");
        change(admin, ConfigResource.Type.BROKER, "2", "log.cleaner.threads", null, AlterConfigOp.OpType.DELETE);
        change(admin, ConfigResource.Type.TOPIC, "with-configs", "retention.ms", null, AlterConfigOp.OpType.DELETE);
        change(admin, ConfigResource.Type.TOPIC, "moved", "cleanup.policy", "compact", AlterConfigOp.OpType.APPEND);
    }

    private static void set(Admin admin, ConfigResource.Type type, String name, String key, String value)
            throws Exception {
        change(admin, type, name, key, value, AlterConfigOp.OpType.SET);
    }

    private static void change(
            Admin admin, ConfigResource.Type type, String name, String key, String value, AlterConfigOp.OpType how)
            throws Exception {
        AlterConfigOp operation = new AlterConfigOp(new ConfigEntry(key, value), how);
        get(admin.incrementalAlterConfigs(Map.of(new ConfigResource(type, name), List.of(operation)))
                .all());
    }

    private static void moves(Admin admin, ZooKeeperTree tree) throws Exception {
        get(admin.alterPartitionReassignments(Map.of(
                        new TopicPartition("moved", 0), to(2, 3),
                        new TopicPartition("moved", 1), to(1, 3)))
                .all());
        awaitReassigned(admin);
        // who joins an ISR joins at its end, whatever place it has among the replicas; who leaves leaves the order as
        // it was
        get(admin.alterPartitionReassignments(Map.of(
                        new TopicPartition("grown", 0), to(3, 1, 2),
                        new TopicPartition("grown", 1), to(1, 2)))
                .all());
        awaitReassigned(admin);
        get(admin.alterPartitionReassignments(Map.of(new TopicPartition("preferred", 0), to(3, 2, 1)))
                .all());
        awaitReassigned(admin);
        get(admin.electLeaders(ElectionType.PREFERRED, Set.of(new TopicPartition("preferred", 0)))
                .all());
        await("the moves to be written").atMost(Duration.ofSeconds(30)).until(() -> tree.read()
                .get("/brokers/topics/preferred/partitions/0/state")
                .data()
                .contains("\"leader\":3"));
    }

    private static Optional<NewPartitionReassignment> to(Integer... replicas) {
        return Optional.of(new NewPartitionReassignment(List.of(replicas)));
    }

    private static void awaitReassigned(Admin admin) {
        await("the reassignments to end")
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        admin.listPartitionReassignments().reassignments().get().isEmpty());
    }

    // ---- what may differ ----

    private static String normal(ZooKeeperTree.Znode znode) {
        JsonNode json = znode.json();
        if (znode.path().equals(PRODUCER_IDS)) {
            return producerIds(json);
        }
        String data = json == null
                ? String.valueOf(znode.data())
                : normal("", json, znode.path()).toString();
        return (znode.ephemeral() ? "ephemeral " : "") + "written " + znode.version() + " times: " + data;
    }

    /** Which brokers a client happens to ask for an id decides who takes a block, and how many are taken. */
    private static String producerIds(JsonNode block) {
        Set<String> fields = new TreeSet<>();
        block.properties()
                .forEach(field ->
                        fields.add(field.getKey() + " " + field.getValue().getNodeType()));
        long first = block.get("block_start").asLong();
        return fields + " block " + first % 1000 + " of size "
                + (block.get("block_end").asLong() - first + 1);
    }

    private static Object normal(String field, JsonNode json, String path) {
        if (json.isObject()) {
            Map<String, Object> fields = new TreeMap<>();
            json.properties().forEach(each -> fields.put(each.getKey(), normal(each.getKey(), each.getValue(), path)));
            return fields;
        }
        if (json.isArray()) {
            List<Object> items = new ArrayList<>();
            json.forEach(item -> items.add(normal(field, item, path)));
            if (RANDOM_ORDER.matcher(path).matches()) {
                items.sort(Comparator.comparing(String::valueOf));
            }
            return items;
        }
        if (Set.of("timestamp", "id", "topic_id", "port").contains(field)
                || (field.equals("leader") && RANDOM_LEADER.matcher(path).matches())) {
            return json.getNodeType();
        }
        return json.isTextual()
                ? '"' + json.textValue().replaceAll("127\\.0\\.0\\.1:\\d+", "address") + '"'
                : json.toString();
    }

    private static void get(KafkaFuture<?> future) throws Exception {
        future.get(30, TimeUnit.SECONDS);
    }
}
