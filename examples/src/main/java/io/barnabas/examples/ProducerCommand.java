// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A plain producer: numbered greetings, acknowledged by all in-sync replicas, doubled by no retry. */
@Command(
        name = "producer",
        mixinStandardHelpOptions = true,
        description = "Produces numbered records and says each second what was acknowledged.")
final class ProducerCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--topic", defaultValue = "hello", description = "created if missing; default ${DEFAULT-VALUE}")
    private String topic;

    @Option(names = "--partitions", defaultValue = "3", description = "of a created topic; default ${DEFAULT-VALUE}")
    private int partitions;

    @Option(names = "--count", defaultValue = "10000", description = "records to send; default ${DEFAULT-VALUE}")
    private long count;

    @Option(names = "--rate", defaultValue = "1000", description = "records per second; default ${DEFAULT-VALUE}")
    private int rate;

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile String last = "nothing yet";

    @Override
    public Integer call() throws InterruptedException {
        ExampleException.unless(
                rate > 0 && count > 0 && partitions > 0, "--rate, --count and --partitions are 1 or more");
        cluster.ensureTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())));
        Map<String, Object> settings = cluster.settings(Map.of("acks", "all", "enable.idempotence", true));
        long sent = 0;
        try (Running running = Running.forSeconds(0);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            long begun = System.nanoTime();
            long told = begun;
            while (running.on() && sent < count) {
                long due = Math.min(count, 1 + (System.nanoTime() - begun) / (TimeUnit.SECONDS.toNanos(1) / rate));
                for (; sent < due; sent++) {
                    producer.send(
                            new ProducerRecord<>(topic, "key-" + sent % 100, "greeting " + sent), this::acknowledge);
                }
                if (System.nanoTime() - told >= TimeUnit.SECONDS.toNanos(1)) {
                    told = System.nanoTime();
                    System.out.printf("%,8d sent %,8d acknowledged, the last %s%n", sent, acknowledged.get(), last);
                }
                running.pause(10);
            }
            producer.flush();
        }
        System.out.printf(
                "Sent %,d records to '%s': %,d acknowledged, %,d failed.%n",
                sent, topic, acknowledged.get(), failed.get());
        return failed.get() == 0 ? 0 : 1;
    }

    private void acknowledge(RecordMetadata metadata, Exception failure) {
        if (failure == null) {
            acknowledged.incrementAndGet();
            last = "in partition " + metadata.partition() + " at offset " + metadata.offset();
        } else if (failed.getAndIncrement() == 0) {
            System.err.println("examples.sh: a record was not acknowledged: " + failure.getMessage());
        }
    }
}
