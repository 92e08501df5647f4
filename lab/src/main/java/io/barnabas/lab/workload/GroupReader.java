// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.LongDeserializer;

/**
 * Members of one consumer group, a thread each, that commit after every poll. Together they note which records the
 * group has read, and whether a member was ever started behind an offset the group had committed.
 */
public final class GroupReader implements AutoCloseable {
    private final String bootstrap;
    private final String topic;
    private final String group;
    private final Map<String, Object> extra;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<TopicPartition, Map<Long, Long>> sequenceByOffset = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final List<String> anomalies = new ArrayList<>();
    private volatile boolean on = true;

    public GroupReader(String bootstrap, String topic, String group, Map<String, Object> extra) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.group = group;
        this.extra = extra;
    }

    public GroupReader start(int members) {
        for (int i = 0; i < members; i++) {
            Thread thread = new Thread(this::run, group + "-" + i);
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    /** How many different records the group has read. */
    public synchronized long distinctRead() {
        return sequenceByOffset.values().stream().mapToLong(Map::size).sum();
    }

    /** The committed position of each partition, as acknowledged to a member. */
    public synchronized Map<TopicPartition, Long> committed() {
        return new HashMap<>(committed);
    }

    public synchronized Map<Integer, Map<Long, Long>> read() {
        Map<Integer, Map<Long, Long>> copy = new TreeMap<>();
        sequenceByOffset.forEach((partition, read) -> copy.put(partition.partition(), Map.copyOf(read)));
        return copy;
    }

    public synchronized List<String> anomalies() {
        return List.copyOf(anomalies);
    }

    private void run() {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                group,
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "session.timeout.ms",
                10_000,
                "heartbeat.interval.ms",
                1_000,
                "request.timeout.ms",
                10_000,
                "default.api.timeout.ms",
                30_000,
                "key.deserializer",
                LongDeserializer.class,
                "value.deserializer",
                LongDeserializer.class));
        settings.putAll(extra);
        try (KafkaConsumer<Long, Long> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of(topic), new PositionCheck(consumer));
            while (on) {
                poll(consumer);
            }
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            note("a member failed: " + e);
        }
    }

    private void poll(KafkaConsumer<Long, Long> consumer) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (ConsumerRecord<Long, Long> item : consumer.poll(Duration.ofMillis(100))) {
            TopicPartition partition = new TopicPartition(item.topic(), item.partition());
            read(partition, item.offset(), item.value());
            positions.put(partition, new OffsetAndMetadata(item.offset() + 1));
        }
        if (positions.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(positions);
            commit(positions);
        } catch (CommitFailedException | RetriableException e) {
            // the group has moved on, or nobody answered in time: what was read is read again
            Thread.onSpinWait();
        }
    }

    private synchronized void read(TopicPartition partition, long offset, long sequence) {
        Long before = sequenceByOffset
                .computeIfAbsent(partition, key -> new HashMap<>())
                .put(offset, sequence);
        if (before != null && before != sequence) {
            anomalies.add(partition + " held " + before + " at offset " + offset + ", and now " + sequence);
        }
    }

    private synchronized void commit(Map<TopicPartition, OffsetAndMetadata> positions) {
        positions.forEach((partition, position) -> committed.merge(partition, position.offset(), Math::max));
    }

    private synchronized void note(String anomaly) {
        anomalies.add(anomaly);
    }

    private synchronized void checkStart(TopicPartition partition, long position) {
        long promised = committed.getOrDefault(partition, 0L);
        if (position < promised) {
            anomalies.add(partition + " was handed out at " + position + " although " + promised + " was committed");
        }
    }

    @Override
    public void close() {
        on = false;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(60));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Looks where each newly assigned partition starts. */
    private final class PositionCheck implements ConsumerRebalanceListener {
        private final KafkaConsumer<Long, Long> consumer;

        PositionCheck(KafkaConsumer<Long, Long> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // offsets are committed after each poll; nothing is pending here
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                try {
                    checkStart(partition, consumer.position(partition));
                } catch (RetriableException e) {
                    // no answer in time: the next assignment is looked at again
                    Thread.onSpinWait();
                }
            }
        }
    }
}
