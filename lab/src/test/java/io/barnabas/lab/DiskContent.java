// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes every kind of data to a broker. Owned by the test's thread. */
final class DiskContent implements AutoCloseable {
    static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    static final String COMPACTED = "compacted";
    private static final String TRANSACTIONAL = "transactional";
    /** For one idempotent producer that outlives the brokers. */
    static final String LASTING = "lasting";

    private static final String OPEN = "open";
    static final String TIMED = "timed";
    /** Its oldest records are deleted. */
    static final String TRIMMED = "trimmed";
    /** Written without idempotence. */
    private static final String BARE = "bare";

    static final String GROUP = "disk-group";
    static final String LIVE_GROUP = "live-group";
    static final int RECORDS = 300;
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
        names.addAll(List.of(COMPACTED, OPEN, TIMED, LASTING, "__consumer_offsets", "__transaction_state"));
        await("the broker to lead all it has")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> admin.describeTopics(names).allTopicNames().get(10, TimeUnit.SECONDS).values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.leader() != null));
    }

    private static List<String> topics() {
        List<String> names = new ArrayList<>(List.of(TRANSACTIONAL, BARE, TRIMMED));
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
            send(producer, TRIMMED, round);
        }
        try (KafkaProducer<String, String> producer = producer(Map.of("enable.idempotence", false, "acks", "1"))) {
            send(producer, BARE, round);
        }
        trim(round);
        writeCompacted(round);
        writeTransactions(round);
        leaveTransactionOpen(round);
        commit(round);
        joinAndStay();
    }

    private void send(KafkaProducer<String, String> producer, String topic, int round) throws Exception {
        Random random = new Random(round);
        for (int i = 0; i < RECORDS; i++) {
            String value = round + "-" + i + "-" + filler(random);
            long timestamp = firstTimestamp + 1000L * (round * RECORDS + i);
            var sent = producer.send(new ProducerRecord<>(topic, 0, timestamp, "key-" + i, value));
            if (i % 10 == 9) {
                sent.get(30, TimeUnit.SECONDS);
            }
        }
        producer.flush();
    }

    /** Of which no codec makes less than half: compressed segments roll too. */
    private static String filler(Random random) {
        byte[] bytes = new byte[100];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Where {@link #TRIMMED} begins after a round. */
    static long trimmedBefore(int round) {
        return 157L + (long) RECORDS * round;
    }

    /** In the middle of a batch and of a segment. */
    private void trim(int round) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(TRIMMED, 0), RecordsToDelete.beforeOffset(trimmedBefore(round))))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    /** The last of the keys is deleted again. */
    private void writeCompacted(int round) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("linger.ms", 0))) {
            for (int i = 0; i < 200; i++) {
                String value = i == 199 ? null : round + "-" + i;
                producer.send(new ProducerRecord<>(COMPACTED, 0, "key-" + i % 7, value))
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

    /** Every answer about what was written, one line each by what was asked. */
    Map<String, String> answers() throws Exception {
        List<String> all = new ArrayList<>(topics());
        all.addAll(List.of(OPEN, TIMED, LASTING));
        return new DiskAnswers(bootstrap, admin, firstTimestamp).of(all, COMPACTED);
    }

    /** A topic's values in their order. */
    List<String> values(String topic) {
        return new DiskAnswers(bootstrap, admin, firstTimestamp)
                .read(new TopicPartition(topic, 0), "read_uncommitted").stream()
                        .map(ConsumerRecord::value)
                        .toList();
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
