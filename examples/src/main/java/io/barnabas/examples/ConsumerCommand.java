// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A plain consumer in a group: start several, kill some, and see the partitions move. */
@Command(
        name = "consumer",
        mixinStandardHelpOptions = true,
        description = "Reads a topic in a group, says which partitions it is given, and commits what it has read.")
final class ConsumerCommand implements Callable<Integer>, ConsumerRebalanceListener {
    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--topic", defaultValue = "hello", description = "created if missing; default ${DEFAULT-VALUE}")
    private String topic;

    @Option(names = "--group", defaultValue = "hello-readers", description = "default ${DEFAULT-VALUE}")
    private String group;

    @Option(names = "--print", description = "every record, not only one line a second")
    private boolean print;

    @Option(names = "--seconds", defaultValue = "0", description = "stop after so long; default: until Ctrl-C")
    private long seconds;

    private long read;

    @Override
    public Integer call() throws InterruptedException {
        cluster.ensureTopics(List.of(new NewTopic(topic, Optional.empty(), Optional.empty())));
        Map<String, Object> settings = cluster.settings(Map.of(
                "group.id",
                group,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "session.timeout.ms",
                10_000));
        try (Running running = Running.forSeconds(seconds);
                KafkaConsumer<String, String> consumer =
                        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic), this);
            long told = System.nanoTime();
            while (running.on()) {
                consumer.poll(Duration.ofMillis(100)).forEach(this::take);
                if (System.nanoTime() - told >= TimeUnit.SECONDS.toNanos(1)) {
                    told = System.nanoTime();
                    commit(consumer);
                    System.out.printf("%,8d records read%n", read);
                }
            }
            commit(consumer);
        }
        System.out.printf("Read %,d records of '%s' as a member of '%s'.%n", read, topic, group);
        return 0;
    }

    private void take(ConsumerRecord<String, String> item) {
        read++;
        if (print) {
            System.out.println(item.topic() + "-" + item.partition() + "@" + item.offset() + "  " + item.key() + "  "
                    + item.value());
        }
    }

    private static void commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync(Duration.ofSeconds(5));
        } catch (CommitFailedException | RetriableException e) {
            System.out.println("not committed, the group has moved on or nobody answered: " + e.getMessage());
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        System.out.println("given " + partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        System.out.println("taken " + partitions);
    }
}
