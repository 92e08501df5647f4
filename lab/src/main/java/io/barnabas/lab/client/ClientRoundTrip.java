// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Produces with every compression, consumes in a group, commits, administrates, and takes part in transactions; uses
 * only what clients since 2.5 offer. Prints one line and exits with 0 when everything was as expected, 1 otherwise.
 */
public final class ClientRoundTrip {
    private static final int RECORDS = 500;

    private final String bootstrap;
    private final String topic;

    private ClientRoundTrip(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
    }

    /** @param args bootstrap servers, and the name of a topic that is created and deleted */
    public static void main(String[] args) throws Exception {
        try {
            new ClientRoundTrip(args[0], args[1]).run();
        } catch (AssertionError e) {
            System.out.println("FAILED " + AppInfoParser.getVersion() + ": " + e.getMessage());
            System.exit(1);
        }
        System.out.println("OK " + AppInfoParser.getVersion());
        System.exit(0);
    }

    private void run() throws Exception {
        try (Admin admin = Admin.create(settings())) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 3))).all().get(30, TimeUnit.SECONDS);
            int expected = 0;
            for (String compression : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                produce(compression);
                expected += RECORDS;
            }
            consumeInGroup(expected);
            administrate(admin, expected);
            admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
            new TransactionRoundTrip(bootstrap, topic).run(admin);
        }
    }

    private void produce(String compression) throws Exception {
        Map<String, Object> settings = settings();
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("compression.type", compression);
        settings.put("key.serializer", StringSerializer.class.getName());
        settings.put("value.serializer", StringSerializer.class.getName());
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i % 2, "key-" + i, compression + "-" + i)));
            }
            producer.flush();
        }
        for (Future<RecordMetadata> each : sent) {
            check(each.get().hasOffset(), "an acknowledgement without an offset");
        }
    }

    private void consumeInGroup(int expected) {
        Map<String, Object> settings = settings();
        settings.put("group.id", topic + "-group");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("key.deserializer", StringDeserializer.class.getName());
        settings.put("value.deserializer", StringDeserializer.class.getName());
        int read = 0;
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
            while (read < expected && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
                    check(each.value().endsWith("-" + each.key().substring(4)), "key and value do not match");
                    read++;
                }
            }
            check(read == expected, "read " + read + " of " + expected + " records");
            consumer.commitSync();
            TopicPartition first = new TopicPartition(topic, 0);
            OffsetAndMetadata committed = consumer.committed(Set.of(first)).get(first);
            check(committed.offset() == expected / 2, "committed " + committed);
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(Set.of(first));
            check(starts.get(first) == 0, "begins at " + starts);
            check(
                    consumer.offsetsForTimes(Collections.singletonMap(first, 0L))
                                    .get(first)
                                    .offset()
                            == 0,
                    "offset for time 0");
        }
    }

    private void administrate(Admin admin, int expected) throws Exception {
        TopicPartition first = new TopicPartition(topic, 0);
        Collection<String> groups = admin.listConsumerGroups().all().get(30, TimeUnit.SECONDS).stream()
                .map(each -> each.groupId())
                .toList();
        check(groups.contains(topic + "-group"), "groups " + groups);
        long latest = admin.listOffsets(Map.of(first, OffsetSpec.latest()))
                .partitionResult(first)
                .get(30, TimeUnit.SECONDS)
                .offset();
        check(latest == expected / 2, "latest offset " + latest);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        admin.incrementalAlterConfigs(Map.of(
                        resource,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("retention.ms", "123456"), AlterConfigOp.OpType.SET))))
                .all()
                .get(30, TimeUnit.SECONDS);
        awaitConfig(admin, resource);
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get(30, TimeUnit.SECONDS);
        long lowWatermark = admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(10)))
                .lowWatermarks()
                .get(first)
                .get(30, TimeUnit.SECONDS)
                .lowWatermark();
        check(lowWatermark == 10, "low watermark " + lowWatermark);
        admin.deleteConsumerGroups(List.of(topic + "-group")).all().get(30, TimeUnit.SECONDS);
        check(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).size() == 3, "three brokers");
    }

    private static void awaitConfig(Admin admin, ConfigResource resource) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String value = null;
        while (!"123456".equals(value) && System.nanoTime() < deadline) {
            Config config = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(resource);
            value = config.get("retention.ms").value();
        }
        check("123456".equals(value), "retention.ms is " + value);
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        return settings;
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
