// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ChildProcess;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.workload.BankAuditor;
import io.barnabas.lab.workload.BankWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bank on three brokers as real processes: clerks move money between accounts in transactions, commits and aborts
 * mixed, while brokers are killed and paused. Who reads committed entries only sees nothing lost, doubled or aborted, and
 * at the end no transaction is open.
 */
class BankIT {
    private static final String TRANSFERS = "transfers";
    private static final List<String> LEDGERS = List.of("ledger-a", "ledger-b");
    private static final int PARTITIONS = 3;
    private static final int ACCOUNTS = 12;
    private static final int WORKERS = 3;
    private static final long SEED = Long.getLong("bank.seed", 42L);
    private static final BrokerKind KIND = BrokerKind.valueOf(System.getProperty("lab.kind", "BARNABAS"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private Admin admin;
    private BankWorkers workers;
    private BankAuditor auditor;
    private KafkaProducer<String, String> customers;
    private long ordered;
    private final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeEach
    void open() throws Exception {
        cluster = new ClusterProcesses(
                directory, Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
        cluster.startZooKeeper();
        cluster.startBrokers(KIND, KIND, KIND);
        admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap(), "default.api.timeout.ms", 30_000));
        List<NewTopic> topics = new ArrayList<>();
        topics.add(new NewTopic(TRANSFERS, PARTITIONS, (short) 3));
        LEDGERS.forEach(ledger -> topics.add(new NewTopic(ledger, PARTITIONS, (short) 3)));
        admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        customers = producer(Map.of("enable.idempotence", true));
        workers = new BankWorkers(cluster.bootstrap(), TRANSFERS, LEDGERS, "clerks", SEED).start(WORKERS);
        auditor = new BankAuditor(cluster.bootstrap(), ledgerPartitions()).start();
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

    @Test
    void keepsTheBooksWhileBrokersDie() {
        hit("kill -9 of a ledger's leader", () -> leader(LEDGERS.get(0)), this::killAndRestart);
        hit("kill -9 of a transaction coordinator", this::transactionCoordinator, this::killAndRestart);
        hit("pause of the group coordinator", this::groupCoordinator, this::pauseAndResume);

        closeTheBooks();
    }

    @Test
    void fencesZombiesAndAbortsWhatTakesTooLong() {
        KafkaProducer<String, String> first = producer(Map.of("transactional.id", "zombie"));
        KafkaProducer<String, String> second = producer(Map.of("transactional.id", "zombie"));
        KafkaProducer<String, String> slow =
                producer(Map.of("transactional.id", "slow", "transaction.timeout.ms", 1_000));
        try (first;
                second;
                slow) {
            first.initTransactions();
            first.beginTransaction();
            book(first, -1);
            second.initTransactions();
            assertThatThrownBy(first::commitTransaction).isInstanceOf(KafkaException.class);

            slow.initTransactions();
            slow.beginTransaction();
            book(slow, -2);
            await("the transaction to time out")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> state("slow") == TransactionState.COMPLETE_ABORT);
            assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        }

        closeTheBooks();
        assertThat(auditor.attempts()).doesNotContain(-1L, -2L);
        assertThat(tool("list")).contains("slow").contains("CompleteAbort");
        assertThat(tool("describe", "--transactional-id", "slow"))
                .contains("TransactionState")
                .contains("CompleteAbort");
        assertThat(tool("describe-producers", "--topic", LEDGERS.get(0), "--partition", "0"))
                .contains("CurrentTransactionStartOffset");
        assertThat(tool("find-hanging", "--broker-id", "1")).doesNotContain(LEDGERS);
    }

    /** What {@code kafka-transactions.sh} prints. */
    private String tool(String... arguments) {
        List<String> command = new ArrayList<>();
        Path home = Path.of(System.getProperty("barnabas.home", "..")).toAbsolutePath();
        command.add(home.resolve("bin/kafka-transactions.sh").toString());
        command.addAll(List.of("--bootstrap-server", cluster.bootstrap()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("kafka-transactions-" + arguments[0] + ".log");
        ChildProcess process = ChildProcess.start("kafka-transactions.sh " + arguments[0], command, output);
        assertThat(process.await(60))
                .as("exit code of %s: %s", command, process.tail(20))
                .isZero();
        return process.tail(200);
    }

    private static void book(KafkaProducer<String, String> producer, int attempt) {
        LEDGERS.forEach(ledger -> producer.send(new ProducerRecord<>(ledger, "0", "0 " + attempt + " 1000")));
        producer.flush();
    }

    private void hit(String what, Callable<Integer> target, Consumer<Integer> fault) {
        int broker = await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(target, id -> id > 0);
        long before = System.nanoTime();
        fault.accept(broker);
        business("after " + what);
        System.out.printf(
                "%-40s broker %d, transfers again complete after %d ms, %d transactions, %d restarts%n",
                what,
                broker,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before),
                workers.committed(),
                workers.restarts());
    }

    private void killAndRestart(int broker) {
        cluster.broker(broker).kill();
        order(50);
        cluster.restartBroker(broker);
    }

    private void pauseAndResume(int broker) {
        ChildProcess process = cluster.broker(broker);
        process.pause();
        order(50);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
        await().atMost(Duration.ofSeconds(15)).until(() -> System.nanoTime() > until);
        process.resume();
    }

    private void order(int transfers) {
        for (int i = 0; i < transfers; i++) {
            int from = random.nextInt(ACCOUNTS);
            int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            String transfer = from + " " + to + " " + (1 + random.nextInt(100));
            customers.send(new ProducerRecord<>(TRANSFERS, Long.toString(++ordered), transfer));
        }
    }

    /** More transfers come in, and all there are get done. */
    private void business(String when) {
        order(150);
        customers.flush();
        await("all transfers to be booked " + when)
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        auditor.complete() >= ordered || !auditor.anomalies().isEmpty());
        assertThat(auditor.anomalies()).as("seed " + SEED + " " + when).isEmpty();
    }

    private void closeTheBooks() {
        business("at the end");
        workers.close();
        assertThat(auditor.anomalies()).as("seed " + SEED).isEmpty();
        assertThat(auditor.complete()).as("transfers booked").isEqualTo(ordered);
        assertThat(auditor.incomplete()).as("half booked transfers").isZero();
        assertThat(auditor.total()).as("money made or lost").isZero();
        Set<Long> seenThoughAborted = new HashSet<>(auditor.attempts());
        seenThoughAborted.retainAll(workers.aborted());
        assertThat(seenThoughAborted).as("aborted attempts that were seen").isEmpty();
        assertThat(workers.aborted()).as("there were aborts").isNotEmpty();
        await("no transaction to be open")
                .atMost(Duration.ofSeconds(45))
                .ignoreExceptions()
                .untilAsserted(this::nothingIsOpen);
    }

    private void nothingIsOpen() throws Exception {
        Collection<TransactionListing> listed = admin.listTransactions().all().get(30, TimeUnit.SECONDS);
        assertThat(listed)
                .extracting(TransactionListing::state)
                .isSubsetOf(TransactionState.EMPTY, TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT);
        admin.describeProducers(ledgerPartitions())
                .all()
                .get(30, TimeUnit.SECONDS)
                .forEach((partition, producers) -> assertThat(producers.activeProducers())
                        .as("producers of " + partition)
                        .allMatch(producer ->
                                producer.currentTransactionStartOffset().isEmpty()));
    }

    private static List<TopicPartition> ledgerPartitions() {
        return LEDGERS.stream()
                .flatMap(ledger -> IntStream.range(0, PARTITIONS).mapToObj(index -> new TopicPartition(ledger, index)))
                .toList();
    }

    private int leader(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic)
                .partitions()
                .get(0)
                .leader()
                .id();
    }

    private int transactionCoordinator() throws Exception {
        return admin.describeTransactions(List.of(workers.transactionalId(0)))
                .description(workers.transactionalId(0))
                .get(30, TimeUnit.SECONDS)
                .coordinatorId();
    }

    private int groupCoordinator() throws Exception {
        return admin.describeConsumerGroups(List.of("clerks"))
                .describedGroups()
                .get("clerks")
                .get(30, TimeUnit.SECONDS)
                .coordinator()
                .id();
    }

    private TransactionState state(String transactionalId) throws Exception {
        return admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get(30, TimeUnit.SECONDS)
                .state();
    }

    private KafkaProducer<String, String> producer(Map<String, Object> own) {
        Map<String, Object> settings = new java.util.HashMap<>(own);
        settings.put("bootstrap.servers", cluster.bootstrap());
        settings.put("max.block.ms", 30_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
