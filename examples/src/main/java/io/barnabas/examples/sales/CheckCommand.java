// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import io.barnabas.examples.ClusterOptions;
import io.barnabas.examples.ExampleException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The independent sum: adds up every receipt without Kafka Streams, and compares it with what the application says. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Adds up all sales on its own and compares the sums with the application's: 0 when they are equal.")
public final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--wait",
            defaultValue = "30",
            description = "seconds the application may take to catch up; default ${DEFAULT-VALUE}")
    private int patience;

    private final Map<String, Turnover> counted = new TreeMap<>();

    @Override
    public Integer call() throws Exception {
        try (Admin admin = cluster.connect()) {
            if (!admin.listTopics()
                    .names()
                    .get(30, TimeUnit.SECONDS)
                    .containsAll(List.of(Topics.SALES, Topics.PER_STORE))) {
                throw new ExampleException("there are no sales yet; 'bin/examples.sh streams' makes some");
            }
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(patience);
        try (KafkaConsumer<String, Sale> receipts = receipts();
                SalesBoard board = new SalesBoard(cluster.plain(Map.of()), Duration.ofMinutes(1))) {
            do {
                receipts.poll(Duration.ofMillis(200)).forEach(this::count);
                board.poll(Duration.ofMillis(200));
            } while ((counted.isEmpty()
                            || !caughtUp(receipts)
                            || !differences(board).isEmpty())
                    && System.nanoTime() - end < 0);
            return report(board);
        }
    }

    private int report(SalesBoard board) {
        long sales = counted.values().stream().mapToLong(Turnover::sales).sum();
        Map<String, String> differences = differences(board);
        if (differences.isEmpty()) {
            System.out.printf(
                    "Exactly once: %,d sales of %d stores, and the application counted each once.%n",
                    sales, counted.size());
            return 0;
        }
        differences.forEach((code, what) -> System.out.println("  " + code + "  " + what));
        System.out.printf(
                "The application's sums differ from those of %,d sales after %d s; is it running, and are the tills still ringing?%n",
                sales, patience);
        return 1;
    }

    private Map<String, String> differences(SalesBoard board) {
        Map<String, String> differences = new TreeMap<>();
        counted.forEach((code, sum) -> {
            Turnover told = board.perStore().getOrDefault(code, Turnover.none());
            if (told.sales() != sum.sales() || told.cents() != sum.cents()) {
                differences.put(
                        code,
                        "%,d sales, %,d cents; the application says %,d sales, %,d cents"
                                .formatted(sum.sales(), sum.cents(), told.sales(), told.cents()));
            }
        });
        return differences;
    }

    private void count(ConsumerRecord<String, Sale> receipt) {
        if (receipt.key() != null && receipt.value() != null) {
            counted.merge(receipt.key(), Turnover.none().plus("", receipt.value()), Turnover::plus);
        }
    }

    private static boolean caughtUp(KafkaConsumer<String, Sale> receipts) {
        return receipts.endOffsets(receipts.assignment()).entrySet().stream()
                .allMatch(end -> receipts.position(end.getKey()) >= end.getValue());
    }

    private KafkaConsumer<String, Sale> receipts() {
        Map<String, Object> settings = new HashMap<>(cluster.settings(Map.of()));
        settings.put("isolation.level", "read_committed");
        KafkaConsumer<String, Sale> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new LenientSales());
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.SALES).stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
