// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.workload.BankAuditor;
import io.barnabas.lab.workload.BankWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bank on three brokers as real processes: clerks, processes too, move money between accounts in transactions, commits
 * and aborts mixed, while brokers and clerks are killed and paused. Who reads committed entries only sees nothing lost,
 * doubled or aborted, the group's offsets agree with the books after each fault, and at the end no transaction is open.
 */
abstract class BankDrill {
    static final String TRANSFERS = "transfers";
    static final List<String> LEDGERS = List.of("ledger-a", "ledger-b");
    static final String CLERKS = "clerks";
    private static final int PARTITIONS = 3;
    private static final int ACCOUNTS = 12;
    static final int WORKERS = 3;
    static final int BROKERS = 3;
    static final long SEED = Long.getLong("bank.seed", 42L);
    private static final BrokerKind KIND = BrokerKind.valueOf(System.getProperty("lab.kind", "BARNABAS"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    ClusterProcesses cluster;
    Admin admin;
    ClusterRoles roles;
    BankWorkers workers;
    BankAuditor auditor;
    private KafkaProducer<String, String> customers;
    private long ordered;
    private final AtomicReference<Exception> orderFailure = new AtomicReference<>();
    final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeEach
    void open() throws Exception {
        cluster = new ClusterProcesses(
                directory, Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
        cluster.startZooKeeper();
        cluster.startBrokers(KIND, KIND, KIND);
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                30_000));
        roles = new ClusterRoles(admin);
        List<NewTopic> topics = new ArrayList<>();
        topics.add(new NewTopic(TRANSFERS, PARTITIONS, (short) 3));
        LEDGERS.forEach(ledger -> topics.add(new NewTopic(ledger, PARTITIONS, (short) 3)));
        admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        customers = producer(Map.of("enable.idempotence", true));
        workers = new BankWorkers(cluster.bootstrap(), TRANSFERS, LEDGERS, CLERKS, SEED, directory).start(WORKERS);
        auditor = new BankAuditor(cluster.bootstrap(), partitions(LEDGERS)).start();
        business("at the start");
    }

    @AfterEach
    void close() {
        workers.close();
        auditor.close();
        customers.close(Duration.ofSeconds(2));
        admin.close(Duration.ofSeconds(2));
        cluster.close();
    }

    /** Something that goes wrong, until it is over. */
    interface Fault {
        void happen() throws Exception;
    }

    final void hit(String what, Fault fault) throws Exception {
        long begun = System.nanoTime();
        fault.happen();
        long healed = System.nanoTime();
        business("after " + what);
        System.out.printf(
                "%-85s %3d s, then %,6d ms until the books agree; %,d transfers in %,d transactions, %d aborted%n",
                what,
                TimeUnit.NANOSECONDS.toSeconds(healed - begun),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - healed),
                auditor.complete(),
                workers.committed().size(),
                workers.aborted().size());
    }

    final void kill(Callable<Integer> role) {
        int broker = holder(role);
        cluster.broker(broker).kill();
        order(50);
        cluster.restartBroker(broker);
    }

    /** Stops a broker until the cluster has given it up, and some business has been done without it. */
    final void pause(Callable<Integer> role) {
        int broker = holder(role);
        ChildProcess process = cluster.broker(broker);
        process.pause();
        await("broker " + broker + " to be given up")
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> !roles.brokers().contains(broker));
        order(50);
        process.resume();
    }

    final void killWorker(int worker) {
        order(200);
        workers.killAndRestart(worker);
    }

    /** Stops a worker, likely in a transaction, until its group and its transaction have been taken from it. */
    final void pauseWorker(int worker, Fault meanwhile) throws Exception {
        order(200);
        workers.worker(worker).pause();
        meanwhile.happen();
        await("worker " + worker + " to be given up")
                .atMost(Duration.ofSeconds(90))
                .ignoreExceptions()
                .until(() -> roles.members(CLERKS) < WORKERS
                        && roles.state(workers.transactionalId(worker)) != TransactionState.ONGOING);
        workers.worker(worker).resume();
    }

    static int holder(Callable<Integer> role) {
        return await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(role, id -> id > 0);
    }

    final void order(int transfers) {
        for (int i = 0; i < transfers; i++) {
            int from = random.nextInt(ACCOUNTS);
            int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            String transfer = from + " " + to + " " + (1 + random.nextInt(100));
            customers.send(new ProducerRecord<>(TRANSFERS, Long.toString(++ordered), transfer), (sent, failure) -> {
                if (failure != null) {
                    orderFailure.set(failure);
                }
            });
        }
    }

    /** More transfers come in, and all there are get done: the ledgers show them, and the group's offsets say so. */
    private void business(String when) {
        order(150);
        customers.flush();
        assertThat(orderFailure.get()).as("transfers ordered " + when).isNull();
        await("all transfers to be booked " + when)
                .atMost(Duration.ofMinutes(2))
                .until(() ->
                        auditor.complete() >= ordered || !auditor.anomalies().isEmpty());
        assertThat(auditor.anomalies()).as("seed " + SEED + " " + when).isEmpty();
        await("offsets to agree with the books " + when)
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(committed()).isEqualTo(ends()));
    }

    private Map<TopicPartition, Long> committed() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(CLERKS)
                .partitionsToOffsetAndMetadata()
                .get(30, TimeUnit.SECONDS);
        return offsets.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, offset -> offset.getValue()
                .offset()));
    }

    private Map<TopicPartition, Long> ends() throws Exception {
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(partitions(List.of(TRANSFERS)).stream()
                        .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest())))
                .all()
                .get(30, TimeUnit.SECONDS)
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    final void closeTheBooks() {
        business("at the end");
        workers.close();
        assertThat(auditor.anomalies()).as("seed " + SEED).isEmpty();
        assertThat(auditor.complete()).as("transfers booked").isEqualTo(ordered);
        assertThat(auditor.incomplete()).as("half booked transfers").isZero();
        assertThat(auditor.total()).as("money made or lost").isZero();
        Set<String> seenThoughAborted = new HashSet<>(auditor.attempts());
        seenThoughAborted.retainAll(workers.aborted());
        assertThat(seenThoughAborted).as("aborted attempts that were seen").isEmpty();
        assertThat(auditor.attempts()).as("attempts that were committed").containsAll(workers.committed());
        await("no transaction to be open")
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .untilAsserted(this::nothingIsOpen);
    }

    private void nothingIsOpen() throws Exception {
        assertThat(roles.openTransactions()).isEmpty();
        admin.describeProducers(partitions(LEDGERS))
                .all()
                .get(30, TimeUnit.SECONDS)
                .forEach((partition, producers) -> assertThat(producers.activeProducers())
                        .as("producers of " + partition)
                        .allMatch(producer ->
                                producer.currentTransactionStartOffset().isEmpty()));
    }

    static List<TopicPartition> partitions(List<String> topics) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, PARTITIONS).mapToObj(index -> new TopicPartition(topic, index)))
                .toList();
    }

    final KafkaProducer<String, String> producer(Map<String, Object> own) {
        Map<String, Object> settings = new HashMap<>(own);
        settings.put("bootstrap.servers", cluster.bootstrap());
        settings.put("max.block.ms", 60_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
