// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Asks a broker for all that can be asked about what {@link DiskContent} has written. Owned by the test's thread. */
final class DiskAnswers {
    private final String bootstrap;
    private final Admin admin;
    private final long firstTimestamp;
    private final Map<String, String> answers = new TreeMap<>();

    /** @param firstTimestamp of the records, a second apart */
    DiskAnswers(String bootstrap, Admin admin, long firstTimestamp) {
        this.bootstrap = bootstrap;
        this.admin = admin;
        this.firstTimestamp = firstTimestamp;
    }

    /**
     * Every answer, one line each by what was asked.
     *
     * @param topics of which every record and offset counts
     * @param compacted a topic of which the last value of each key counts: how far its cleaner has come may differ
     */
    Map<String, String> of(List<String> topics, String compacted) throws Exception {
        answers.clear();
        for (String topic : topics) {
            TopicPartition partition = new TopicPartition(topic, 0);
            offsets(partition);
            records(partition, "read_uncommitted");
            records(partition, "read_committed");
            answers.put(topic + " producers", producers(partition));
        }
        compacted(new TopicPartition(compacted, 0));
        groups();
        transactions();
        return new TreeMap<>(answers);
    }

    private void records(TopicPartition partition, String isolation) {
        StringBuilder line = new StringBuilder();
        for (ConsumerRecord<String, String> each : read(partition, isolation)) {
            line.append(each.offset())
                    .append('@')
                    .append(each.timestamp())
                    .append('/')
                    .append(each.leaderEpoch().orElse(-1))
                    .append('=')
                    .append(each.key())
                    .append(':')
                    .append(each.value().hashCode())
                    .append(' ');
        }
        answers.put(partition.topic() + " " + isolation, line.toString());
    }

    private void compacted(TopicPartition partition) throws Exception {
        Map<String, String> last = new TreeMap<>();
        read(partition, "read_uncommitted").forEach(each -> {
            String old = last.put(each.key(), each.offset() + "@" + each.timestamp() + "=" + each.value());
            if (each.value() == null && old != null) {
                last.put(each.key(), "deleted");
            }
        });
        last.values().removeIf(value -> value.equals("deleted") || value.endsWith("=null"));
        answers.put(partition.topic(), last.toString());
        answers.put(partition.topic() + " producers", producers(partition));
        answers.put(partition.topic() + " latest", latest(partition));
    }

    private String latest(TopicPartition partition) throws Exception {
        return Long.toString(ask(partition, OffsetSpec.latest()).offset());
    }

    private void groups() throws Exception {
        Map<String, String> offsets = new TreeMap<>();
        admin.listConsumerGroupOffsets(DiskContent.GROUP)
                .partitionsToOffsetAndMetadata()
                .get(30, TimeUnit.SECONDS)
                .forEach((partition, offset) ->
                        offsets.put(partition.toString(), offset.offset() + offset.metadata() + offset.leaderEpoch()));
        answers.put("group", offsets.toString());
        ConsumerGroupDescription live = admin.describeConsumerGroups(List.of(DiskContent.LIVE_GROUP))
                .describedGroups()
                .get(DiskContent.LIVE_GROUP)
                .get(30, TimeUnit.SECONDS);
        answers.put("live group", live.state() + " " + live.partitionAssignor() + " " + live.members());
    }

    private void transactions() throws Exception {
        admin.describeTransactions(List.of("disk-open", "disk-transactions"))
                .all()
                .get(30, TimeUnit.SECONDS)
                .forEach((id, transaction) -> answers.put("transaction " + id, transaction.toString()));
    }

    private void offsets(TopicPartition partition) throws Exception {
        Map<String, OffsetSpec> questions = new TreeMap<>();
        questions.put("earliest", OffsetSpec.earliest());
        questions.put("latest", OffsetSpec.latest());
        questions.put("maximum", OffsetSpec.maxTimestamp());
        long earliest = ask(partition, OffsetSpec.earliest()).offset();
        for (int i = -1; i < 6 * DiskContent.RECORDS; i += 61) {
            if (earliest > 0 && i < earliest) {
                // what was deleted: Kafka finds nothing while its segments are there, and what is left once they are
                // gone
                continue;
            }
            questions.put("at " + i, OffsetSpec.forTimestamp(firstTimestamp + 1000L * i + 1));
        }
        for (Map.Entry<String, OffsetSpec> question : questions.entrySet()) {
            ListOffsetsResultInfo info = ask(partition, question.getValue());
            // the leader's own epoch, which each new leader raises
            String epoch = question.getKey().equals("latest") ? "" : " epoch " + info.leaderEpoch();
            answers.put(partition + " " + question.getKey(), info.offset() + " " + info.timestamp() + epoch);
        }
    }

    private ListOffsetsResultInfo ask(TopicPartition partition, OffsetSpec question) throws Exception {
        return admin.listOffsets(Map.of(partition, question))
                .partitionResult(partition)
                .get(30, TimeUnit.SECONDS);
    }

    /** Producer ids with their epochs, last sequences, timestamps and open transactions. */
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

    /** All records of a partition that a reader of this isolation gets. */
    List<ConsumerRecord<String, String>> read(TopicPartition partition, String isolation) {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                DiskContent.GROUP,
                "isolation.level",
                isolation,
                "fetch.max.wait.ms",
                50,
                "enable.auto.commit",
                false);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
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
}
