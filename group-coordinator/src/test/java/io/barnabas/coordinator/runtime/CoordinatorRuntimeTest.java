// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.Test;

/** The runtime with its executors, its clock and its log in the test's hands. */
class CoordinatorRuntimeTest {
    private static final int CAPACITY = 3;
    private static final int COMMIT_TIMEOUT_MS = 5_000;
    private static final long BACKOFF_MS = 1_000;

    private final FakeLog log = new FakeLog();
    private final Deque<Runnable> loops = new ArrayDeque<>();
    private final Deque<Runnable> loaders = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::atMs));
    private final List<String> said = new ArrayList<>();
    private final CoordinatorRuntime<Notes> runtime;
    private long nowMs = 1_000;
    private boolean mayAnswer = true;

    private record Alarm(long atMs, Runnable task) {}

    CoordinatorRuntimeTest() {
        RuntimeConfig config =
                new RuntimeConfig(CAPACITY, 100, 1024, BACKOFF_MS, COMMIT_TIMEOUT_MS, CompressionType.GZIP);
        runtime = new CoordinatorRuntime<>(
                "notes",
                new ShardEnvironment<>(
                        log,
                        partition -> new Notes(),
                        config,
                        loops::add,
                        loaders::add,
                        (delayMs, task) -> alarms.add(new Alarm(nowMs + delayMs, task)),
                        () -> mayAnswer,
                        () -> nowMs,
                        () -> Instant.ofEpochMilli(nowMs)));
    }

    /** A shard that keeps notes. */
    private final class Notes implements CoordinatorShard {
        private final List<String> kept = new ArrayList<>();
        private long alarmAtMs = NO_DEADLINE;

        @Override
        public void replay(LoadedRecord record) {
            kept.add((record.transactional() ? "txn" + record.producerId() + ":" : "")
                    + UTF_8.decode(record.key().duplicate()));
        }

        @Override
        public void replayEndTransaction(long producerId, boolean committed) {
            kept.add("end" + producerId + ":" + committed);
        }

        @Override
        public void loaded(long now, Outbox outbox) {
            said.add("loaded " + kept);
        }

        @Override
        public void unloaded(Errors error, Outbox outbox) {
            outbox.answer(said::add, "unloaded " + error);
        }

        @Override
        public void tick(long now, Outbox outbox) {
            alarmAtMs = NO_DEADLINE;
            said.add("tick@" + now);
        }

        @Override
        public long nextDeadlineMs() {
            return alarmAtMs;
        }

        void keep(String note, Outbox outbox) {
            outbox.append(new RecordAppend(List.of(record(note)), new AppendCallback() {
                @Override
                public void committed(long lastOffset, Errors error, long now, Outbox more) {
                    kept.add(note);
                    more.answer(said::add, note + " committed at " + lastOffset + " " + error);
                }

                @Override
                public void failed(Errors error, long now, Outbox more) {
                    more.answer(said::add, note + " failed " + error);
                }

                @Override
                public void overdue(long now, Outbox more) {
                    more.answer(said::add, note + " overdue");
                }
            }));
        }
    }

    private static final class IgnoredOutcome implements AppendCallback {
        @Override
        public void committed(long lastOffset, Errors error, long now, Outbox outbox) {}

        @Override
        public void failed(Errors error, long now, Outbox outbox) {}

        @Override
        public void overdue(long now, Outbox outbox) {}
    }

    private static CoordinatorRecord record(String note) {
        return new CoordinatorRecord(ByteBuffer.wrap(note.getBytes(UTF_8)), null);
    }

    @FunctionalInterface
    private interface Step {
        void run(Notes shard, Outbox outbox);
    }

    private void keep(String note) {
        ask(note, (shard, outbox) -> shard.keep(note, outbox), false);
    }

    private void ask(String name, Step step, boolean waitsForLoading) {
        runtime.submit(0, new ShardCommand<>() {
            @Override
            public void execute(Notes shard, long now, Outbox outbox) {
                step.run(shard, outbox);
            }

            @Override
            public void reject(Errors error) {
                said.add(name + " rejected " + error);
            }

            @Override
            public boolean waitsForLoading() {
                return waitsForLoading;
            }
        });
    }

    /** What the broker asks of its own coordinator. */
    private void tell(String name) {
        runtime.submit(0, new ShardCommand<>() {
            @Override
            public void execute(Notes shard, long now, Outbox outbox) {
                said.add(name + " executed");
            }

            @Override
            public void reject(Errors error) {
                said.add(name + " rejected " + error);
            }

            @Override
            public boolean mustBeTaken() {
                return true;
            }
        });
    }

    @Test
    void refusesRequestsWhileItIsOpenWhetherItStillCoordinates() {
        elect(1);
        ask("before", (shard, outbox) -> said.add("before answered"), false);
        mayAnswer = false;
        ask("meanwhile", (shard, outbox) -> said.add("meanwhile answered"), false);
        tell("marker");
        runAll();
        assertThat(said)
                .containsExactly(
                        "meanwhile rejected NOT_COORDINATOR", "before rejected NOT_COORDINATOR", "marker executed");

        said.clear();
        mayAnswer = true;
        ask("after", (shard, outbox) -> said.add("after answered"), false);
        runAll();
        assertThat(said).containsExactly("after answered");
    }

    private void runLoops() {
        while (!loops.isEmpty()) {
            loops.poll().run();
        }
    }

    private void runAll() {
        runLoops();
        while (!loaders.isEmpty()) {
            loaders.poll().run();
            runLoops();
        }
    }

    private void elect(int leaderEpoch) {
        runtime.onElection(0, leaderEpoch);
        runAll();
        said.clear();
    }

    private void advance(long ms) {
        nowMs += ms;
        while (!alarms.isEmpty() && alarms.peek().atMs() <= nowMs) {
            alarms.poll().task().run();
            runAll();
        }
    }

    @Test
    void answersWhenTheRecordsAreCommittedAndNotBefore() {
        elect(1);

        keep("a");
        runAll();
        assertThat(said).isEmpty();
        log.commit(0);
        runAll();

        assertThat(said).containsExactly("a committed at 0 NONE");
    }

    @Test
    void commandsOfOneTurnShareABatch() {
        elect(1);

        keep("a");
        keep("b");
        runAll();
        assertThat(log.entries()).hasSize(1);
        log.commit(0);
        runAll();

        assertThat(said).containsExactly("a committed at 1 NONE", "b committed at 1 NONE");
    }

    @Test
    void completesInLogOrderWhateverOrderItHearsOfThem() {
        elect(1);
        keep("a");
        runAll();
        keep("b");
        runAll();

        log.commit(1);
        runAll();
        assertThat(said).isEmpty();
        log.commit(0);
        runAll();

        assertThat(said).hasSize(2);
        assertThat(said.get(0)).startsWith("a committed");
        assertThat(said.get(1)).startsWith("b committed");
    }

    @Test
    void aRefusedAppendFailsAndChangesNothing() {
        elect(1);
        log.refuse(new NotEnoughReplicasException("alone"));

        keep("a");
        runAll();
        ask("look", (shard, outbox) -> said.add("kept " + shard.kept), false);
        runAll();

        assertThat(said).containsExactly("a failed NOT_ENOUGH_REPLICAS", "kept []");
    }

    @Test
    void aBatchOnTooFewReplicasHoldsButIsAnsweredWithTheError() {
        elect(1);
        keep("a");
        runAll();

        log.entries().get(0).committed().completeExceptionally(new NotEnoughReplicasAfterAppendException("few"));
        runAll();

        assertThat(said).containsExactly("a committed at 0 NOT_ENOUGH_REPLICAS_AFTER_APPEND");
    }

    @Test
    void anAppendOfUnknownFateMakesTheShardAskTheLog() {
        elect(1);
        keep("a");
        runAll();

        log.entries().get(0).committed().completeExceptionally(new KafkaStorageException("disk"));
        runAll();

        assertThat(said).containsExactly("a failed NOT_COORDINATOR", "unloaded NOT_COORDINATOR", "loaded [a]");
    }

    @Test
    void tellsOfCommitsThatTakeTooLongAndStillTakesThemIn() {
        elect(1);
        keep("a");
        runAll();

        advance(COMMIT_TIMEOUT_MS);
        assertThat(said).containsExactly("a overdue");
        log.commit(0);
        runAll();

        assertThat(said).containsExactly("a overdue", "a committed at 0 NONE");
    }

    @Test
    void rejectsCommandsForPartitionsLedElsewhere() {
        keep("a");
        runAll();

        assertThat(said).containsExactly("a rejected NOT_COORDINATOR");
        assertThat(runtime.activePartitions()).isEmpty();
    }

    @Test
    void rejectsCommandsWhileLoadingExceptThoseThatWait() {
        runtime.onElection(0, 1);
        runLoops();
        assertThat(runtime.isLoading()).isTrue();

        keep("a");
        ask("marker", (shard, outbox) -> said.add("marker"), true);
        runLoops();
        assertThat(said).containsExactly("a rejected COORDINATOR_LOAD_IN_PROGRESS");
        runAll();

        assertThat(said).containsExactly("a rejected COORDINATOR_LOAD_IN_PROGRESS", "loaded []", "marker");
        assertThat(runtime.isLoading()).isFalse();
        assertThat(runtime.activePartitions()).containsExactly(0);
    }

    @Test
    void loadsRecordsTransactionsAndMarkersInOrder() {
        elect(1);
        keep("a");
        runAll();
        Step inTransaction = (shard, outbox) ->
                outbox.append(new RecordAppend(List.of(record("b")), 7, (short) 0, new IgnoredOutcome()));
        ask("transaction", inTransaction, false);
        runAll();
        log.append(
                new TopicPartition("notes", 0),
                1,
                MemoryRecords.withEndTransactionMarker(
                        7, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0)));

        runtime.onResignation(0, OptionalInt.of(2));
        runtime.onElection(0, 3);
        runAll();

        assertThat(said).endsWith("loaded [a, txn7:b, end7:true]");
    }

    @Test
    void resigningAnswersEveryoneWhoWaits() {
        elect(1);
        keep("a");
        runAll();

        runtime.onResignation(0, OptionalInt.of(2));
        runAll();
        keep("b");
        runAll();
        log.commit(0);
        runAll();

        assertThat(said)
                .containsExactly("a failed NOT_COORDINATOR", "unloaded NOT_COORDINATOR", "b rejected NOT_COORDINATOR");
    }

    @Test
    void aResignationOlderThanTheLeadershipIsIgnored() {
        elect(5);

        runtime.onResignation(0, OptionalInt.of(4));
        runAll();
        assertThat(runtime.activePartitions()).containsExactly(0);
        runtime.onResignation(0, OptionalInt.empty());
        runAll();

        assertThat(runtime.activePartitions()).isEmpty();
    }

    @Test
    void aRaisedEpochUnderTheSameLeaderKeepsTheShard() {
        elect(1);
        keep("a");
        runAll();

        runtime.onElection(0, 2);
        runAll();
        log.commit(0);
        runAll();

        assertThat(said).containsExactly("a committed at 0 NONE");
    }

    @Test
    void whatALateLoaderBringsAfterResigningIsDropped() {
        runtime.onElection(0, 1);
        runLoops();
        runtime.onResignation(0, OptionalInt.of(2));
        runAll();

        assertThat(said).isEmpty();
        assertThat(runtime.activePartitions()).isEmpty();
    }

    @Test
    void aLogThatCannotBeReadIsTriedAgain() {
        log.failReads(new NotLeaderOrFollowerException("not yet"));
        runtime.onElection(0, 1);
        runAll();
        assertThat(runtime.isLoading()).isTrue();

        log.failReads(null);
        advance(BACKOFF_MS);

        assertThat(said).containsExactly("loaded []");
    }

    @Test
    void warnsOfALogThatCannotBeReadButNotOfLeadershipThatMovedOnFirst() {
        try (Remarks remarks = new Remarks(ShardLoop.class)) {
            elect(3);
            keep("a");
            runAll();
            log.failReads(new NotLeaderOrFollowerException("led under epoch 4"));
            log.entries().get(0).committed().completeExceptionally(new NotLeaderOrFollowerException("epoch 4"));
            runAll();
            assertThat(runtime.isLoading()).isTrue();
            runtime.onResignation(0, OptionalInt.of(4));
            runAll();
            assertThat(remarks.warnings()).isEmpty();

            log.failReads(new KafkaStorageException("the disk is gone"));
            runtime.onElection(0, 5);
            runAll();
            assertThat(remarks.warnings()).containsExactly("Could not load notes-0 under leader epoch 5; trying again");
        }
    }

    @Test
    void aFullMailboxRefusesCommands() {
        elect(1);

        for (int i = 0; i <= CAPACITY; i++) {
            keep("n" + i);
        }

        assertThat(said).containsExactly("n3 rejected COORDINATOR_NOT_AVAILABLE");
    }

    @Test
    void wakesTheShardAtItsDeadline() {
        elect(1);
        ask("alarm", (shard, outbox) -> shard.alarmAtMs = nowMs + 500, false);
        runAll();

        advance(499);
        assertThat(said).isEmpty();
        advance(1);

        assertThat(said).containsExactly("tick@1500");
    }

    @Test
    void aDefectIsAnsweredAndTheStateComesFromTheLogAgain() {
        elect(1);
        Step broken = (shard, outbox) -> {
            throw new IllegalStateException("a defect made for this test");
        };

        ask("broken", broken, false);
        runAll();
        keep("a");
        runAll();
        log.commit(0);
        runAll();

        assertThat(said)
                .containsExactly(
                        "broken rejected UNKNOWN_SERVER_ERROR",
                        "unloaded NOT_COORDINATOR",
                        "loaded []",
                        "a committed at 0 NONE");
    }

    @Test
    void closingAnswersEveryoneAndTakesNoMore() {
        elect(1);
        keep("a");
        runAll();

        runtime.close();
        runAll();
        keep("b");
        runAll();

        assertThat(said)
                .containsExactly(
                        "a failed COORDINATOR_NOT_AVAILABLE",
                        "unloaded COORDINATOR_NOT_AVAILABLE",
                        "b rejected COORDINATOR_NOT_AVAILABLE");
    }
}
