// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/**
 * The bank while one thing after the other goes wrong; what has to hold is in {@link BankDrill}. {@link BankSoakIT} goes on
 * for longer and with more.
 */
class BankIT extends BankDrill {
    @Test
    void keepsTheBooksWhileBrokersAndWorkersDie() throws Exception {
        hit("kill -9 of a ledger's leader", () -> kill(() -> roles.leader(LEDGERS.get(0))));
        hit("kill -9 of a transaction coordinator while a worker is paused past its time-outs", () -> {
            pauseWorker(0, () -> kill(() -> roles.transactionCoordinator(workers.transactionalId(0))));
        });
        hit("kill -9 of a worker", () -> killWorker(1));
        hit("pause of the group coordinator past its session", () -> pause(() -> roles.groupCoordinator(CLERKS)));
        hit("kill -9 of the controller", () -> kill(roles::controller));

        closeTheBooks();
        assertThat(workers.aborted()).as("there were aborts").isNotEmpty();
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
            book(first, "zombie");
            second.initTransactions();
            assertThatThrownBy(first::commitTransaction).isInstanceOf(KafkaException.class);

            slow.initTransactions();
            slow.beginTransaction();
            book(slow, "slow");
            await("the transaction to time out")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> roles.state("slow") == TransactionState.COMPLETE_ABORT);
            assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        }

        closeTheBooks();
        assertThat(auditor.attempts()).doesNotContain("zombie", "slow");
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

    private static void book(KafkaProducer<String, String> producer, String attempt) {
        LEDGERS.forEach(ledger -> producer.send(new ProducerRecord<>(ledger, "0", "0 " + attempt + " 1000")));
        producer.flush();
    }
}
