// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads the ledgers as they grow, committed entries only, and keeps the books: after each poll the total must be what
 * it was at the beginning but for the transfers of which one half has been read so far, and no half may come twice.
 */
public final class BankAuditor implements AutoCloseable {
    private final String bootstrap;
    private final List<TopicPartition> partitions;
    private final Map<Long, Map<String, Integer>> halves = new TreeMap<>();
    private final Map<String, Integer> balances = new TreeMap<>();
    private final Set<String> attempts = new TreeSet<>();
    private final List<String> anomalies = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "auditor");
    private long complete;
    private volatile boolean on = true;

    public BankAuditor(String bootstrap, List<TopicPartition> partitions) {
        this.bootstrap = bootstrap;
        this.partitions = List.copyOf(partitions);
    }

    public BankAuditor start() {
        thread.start();
        return this;
    }

    /** Transfers of which both halves have been read. */
    public synchronized long complete() {
        return complete;
    }

    /** Transfers of which only one half has been read. */
    public synchronized long incomplete() {
        return halves.size() - complete;
    }

    /** The attempts entries of which have been read. */
    public synchronized Set<String> attempts() {
        return Set.copyOf(attempts);
    }

    /** The sum of all accounts. */
    public synchronized long total() {
        return balances.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** What must not be. */
    public synchronized List<String> anomalies() {
        return List.copyOf(anomalies);
    }

    private void run() {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (on) {
                consumer.poll(Duration.ofMillis(100)).forEach(this::take);
                balance();
            }
        } catch (InterruptException e) {
            anomaly("the auditor was interrupted");
        } catch (KafkaException e) {
            anomaly("the auditor failed: " + e);
        }
    }

    private synchronized void take(ConsumerRecord<String, String> entry) {
        String[] parts = entry.value().split(" ");
        long transfer = Long.parseLong(parts[0]);
        int amount = Integer.parseInt(parts[2]);
        Map<String, Integer> known = halves.computeIfAbsent(transfer, id -> new HashMap<>());
        if (known.put(entry.key(), amount) != null) {
            anomaly("transfer " + transfer + " booked twice on account " + entry.key() + " at " + entry);
        }
        complete += known.size() == 2 ? 1 : 0;
        attempts.add(parts[1]);
        balances.merge(entry.key(), amount, Integer::sum);
    }

    private synchronized void balance() {
        long outstanding = halves.values().stream()
                .filter(known -> known.size() == 1)
                .mapToLong(known -> known.values().iterator().next())
                .sum();
        if (total() != outstanding) {
            anomaly("the total is " + total() + " where " + outstanding + " is outstanding");
        }
    }

    private synchronized void anomaly(String what) {
        anomalies.add(what);
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "request.timeout.ms",
                        5_000,
                        "default.api.timeout.ms",
                        30_000),
                new StringDeserializer(),
                new StringDeserializer());
    }

    @Override
    public void close() {
        on = false;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
