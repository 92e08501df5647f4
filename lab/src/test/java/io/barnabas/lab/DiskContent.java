// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes every kind of data to a broker, and asks for all that can be asked about it. Owned by the test's thread. */
final class DiskContent implements AutoCloseable {
    static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final String COMPACTED = "compacted";
    private static final String TRANSACTIONAL = "transactional";
    /** For one idempotent producer that outlives the brokers. */
    static final String LASTING = "lasting";

    private static final String OPEN = "open";
    private static final String TIMED = "timed";
    private static final String GROUP = "disk-group";
    private static final String LIVE_GROUP = "live-group";
    private static final int RECORDS = 300;
    private static final long HOUR_MS = 3_600_000;

    private final String bootstrap;
    private final Admin admin;
    /** Recent: producers whose last record is older than a day are forgotten when a log is loaded. */
    private final long firstTimestamp;

    /** @param nowMs the test's beginning, the same for all that look at one broker's data */
    DiskContent(String bootstrap, long nowMs) {
        this.bootstrap = bootstrap;
        this.firstTimestamp = nowMs - HOUR_MS;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", 30_000));
    }

    /** Topics whose segments roll every few batches and are never deleted. */
    void createTopics() throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        Map<String, String> small =
                Map.of("segment.bytes", "20000", "retention.ms", "-1", "index.interval.bytes", "512");
        topics().forEach(name -> topics.add(new NewTopic(name, 1, (short) 1).configs(small)));
        topics.add(new NewTopic(COMPACTED, 1, (short) 1)
                .configs(Map.of(
                        "cleanup.policy", "compact", "segment.bytes", "4000", "min.cleanable.dirty.ratio", "0.01")));
        topics.add(new NewTopic(OPEN, 1, (short) 1));
        topics.add(new NewTopic(LASTING, 1, (short) 1));
        topics.add(new NewTopic(TIMED, 1, (short) 1).configs(Map.of("segment.ms", "60000", "retention.ms", "-1")));
        admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
    }

    /** Waits until the broker leads everything and coordinates the group. */
    void awaitReady() {
        List<String> names = new ArrayList<>(topics());
        names.addAll(List.of(COMPACTED, OPEN, TIMED, "__consumer_offsets", "__transaction_state"));
        await("the broker to lead all it has")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> admin.describeTopics(names).allTopicNames().get(10, TimeUnit.SECONDS).values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.leader() != null));
    }

    private static List<String> topics() {
        List<String> names = new ArrayList<>(List.of(TRANSACTIONAL));
        CODECS.forEach(codec -> names.add("plain-" + codec));
        return names;
    }

    /** Writes one round; later rounds have later timestamps. */
    void write(int round) throws Exception {
        for (String codec : CODECS) {
            try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", codec))) {
                send(producer, "plain-" + codec, round);
            }
        }
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            send(producer, TIMED, round);
        }
        writeCompacted(round);
        writeTransactions(round);
        leaveTransactionOpen(round);
        commit(round);
        joinAndStay();
    }

    private void send(KafkaProducer<String, String> producer, String topic, int round) throws Exception {
        for (int i = 0; i < RECORDS; i++) {
            long timestamp = firstTimestamp + 1000L * (round * RECORDS + i);
            var sent = producer.send(
                    new ProducerRecord<>(topic, 0, timestamp, "key-" + i, round + "-value-" + "x".repeat(200) + i));
            if (i % 10 == 9) {
                sent.get(30, TimeUnit.SECONDS);
            }
        }
        producer.flush();
    }

    private void writeCompacted(int round) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("linger.ms", 0))) {
            for (int i = 0; i < 200; i++) {
                producer.send(new ProducerRecord<>(COMPACTED, 0, "key-" + i % 7, round + "-" + i))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    /** One committed, one aborted, so that both markers and an index of aborted ones are on disk. */
    private void writeTransactions(int round) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", "disk-transactions"))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, TRANSACTIONAL, 2 * round);
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, TRANSACTIONAL, 2 * round + 1);
            producer.abortTransaction();
        }
    }

    /** Its id's last transaction, still open, is aborted by this; a producer closed in no time ends nothing. */
    private void leaveTransactionOpen(int round) throws Exception {
        KafkaProducer<String, String> producer =
                producer(Map.of("transactional.id", "disk-open", "transaction.timeout.ms", 900_000));
        try {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 5; i++) {
                producer.send(new ProducerRecord<>(OPEN, 0, firstTimestamp + i, "key", round + "-" + i))
                        .get(30, TimeUnit.SECONDS);
            }
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    /** A static member that does not leave when it is closed: the group goes on with it. */
    private void joinAndStay() {
        try (KafkaConsumer<String, String> consumer =
                consumer(Map.of("group.id", LIVE_GROUP, "group.instance.id", "stays", "session.timeout.ms", 600_000))) {
            consumer.subscribe(List.of(TRANSACTIONAL, TIMED));
            await("the member to have its part").atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return consumer.assignment().size() == 2;
            });
            consumer.commitSync();
        }
    }

    private void commit(int round) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        topics().forEach(topic ->
                offsets.put(new TopicPartition(topic, 0), new OffsetAndMetadata(10 + round, "round " + round)));
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            consumer.assign(offsets.keySet());
            consumer.commitSync(offsets);
        }
    }

    /** Every answer, one line each by what was asked; the compacted topic's as the last value of each key. */
    Map<String, String> answers() throws Exception {
        Map<String, String> answers = new TreeMap<>();
        List<String> all = new ArrayList<>(topics());
        all.addAll(List.of(OPEN, TIMED));
        for (String topic : all) {
            TopicPartition partition = new TopicPartition(topic, 0);
            offsets(partition, answers);
            for (String isolation : List.of("read_uncommitted", "read_committed")) {
                StringBuilder line = new StringBuilder();
                for (ConsumerRecord<String, String> each : read(partition, isolation)) {
                    line.append(each.offset())
                            .append('@')
                            .append(each.timestamp())
                            .append('=')
                            .append(each.key())
                            .append(':')
                            .append(each.value().hashCode())
                            .append(' ');
                }
                answers.put(topic + " " + isolation, line.toString());
            }
            answers.put(topic + " producers", producers(partition));
        }
        Map<String, String> last = new TreeMap<>();
        read(new TopicPartition(COMPACTED, 0), "read_uncommitted").forEach(each -> last.put(each.key(), each.value()));
        answers.put(COMPACTED, last.toString());
        answers.put(
                "group",
                new TreeMap<>(byName(admin.listConsumerGroupOffsets(GROUP)
                                .partitionsToOffsetAndMetadata()
                                .get(30, TimeUnit.SECONDS)))
                        .toString());
        answers.put("live group", liveGroup());
        admin.describeTransactions(List.of("disk-open", "disk-transactions"))
                .all()
                .get(30, TimeUnit.SECONDS)
                .forEach((id, transaction) -> answers.put("transaction " + id, transaction.toString()));
        return answers;
    }

    private String liveGroup() throws Exception {
        ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(LIVE_GROUP))
                .describedGroups()
                .get(LIVE_GROUP)
                .get(30, TimeUnit.SECONDS);
        return group.state() + " " + group.partitionAssignor() + " " + group.members();
    }

    private static Map<String, String> byName(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<String, String> named = new HashMap<>();
        offsets.forEach((partition, offset) -> named.put(partition.toString(), offset.offset() + offset.metadata()));
        return named;
    }

    private void offsets(TopicPartition partition, Map<String, String> answers) throws Exception {
        Map<String, OffsetSpec> questions = new TreeMap<>();
        questions.put("earliest", OffsetSpec.earliest());
        questions.put("latest", OffsetSpec.latest());
        questions.put("maximum", OffsetSpec.maxTimestamp());
        for (int i = -1; i < 2 * RECORDS; i += 37) {
            questions.put("at " + i, OffsetSpec.forTimestamp(firstTimestamp + 1000L * i + 1));
        }
        for (Map.Entry<String, OffsetSpec> question : questions.entrySet()) {
            ListOffsetsResultInfo info = admin.listOffsets(Map.of(partition, question.getValue()))
                    .partitionResult(partition)
                    .get(30, TimeUnit.SECONDS);
            String epoch = question.getKey().equals("latest") ? "" : " epoch " + info.leaderEpoch();
            answers.put(partition + " " + question.getKey(), info.offset() + " " + info.timestamp() + epoch);
        }
    }

    private String producers(TopicPartition partition) throws Exception {
        List<String> lines = new ArrayList<>();
        admin.describeProducers(List.of(partition))
                .partitionResult(partition)
                .get(30, TimeUnit.SECONDS)
                .activeProducers()
                .forEach(each -> lines.add(each.toString()));
        lines.sort(null);
        return lines.toString();
    }

    /** A topic's values in their order. */
    List<String> values(String topic) {
        return read(new TopicPartition(topic, 0), "read_uncommitted").stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    private Collection<ConsumerRecord<String, String>> read(TopicPartition partition, String isolation) {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(Map.of("isolation.level", isolation))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            partition + " stands at " + consumer.position(partition) + " of " + end);
                }
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    private KafkaProducer<String, String> producer(Map<String, Object> extra) {
        return new KafkaProducer<>(settings(extra), new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(Map<String, Object> extra) {
        Map<String, Object> settings = settings(extra);
        settings.putIfAbsent("group.id", GROUP);
        settings.put("enable.auto.commit", false);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private Map<String, Object> settings(Map<String, Object> extra) {
        Map<String, Object> settings = new HashMap<>(extra);
        settings.put("bootstrap.servers", bootstrap);
        return settings;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
