// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordinator.record.CoordinatorRecord;
import io.barnabas.coordinator.record.RecordCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
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
    private final CoordinatorRuntime<String, Notes> runtime;
    private long nowMs = 1_000;
    private boolean mayAnswer = true;

    private record Alarm(long atMs, Runnable task) {}

    CoordinatorRuntimeTest() {
        RuntimeConfig config =
                new RuntimeConfig(CAPACITY, 100, 1024, BACKOFF_MS, COMMIT_TIMEOUT_MS, CompressionType.GZIP);
        runtime = new CoordinatorRuntime<>(
                new ShardSetup<>("notes", new NoteCodec(), partition -> new Notes(), config),
                new CoordinatorEnvironment(
                        log,
                        () -> 1,
                        loops::add,
                        loaders::add,
                        (delayMs, task) -> alarms.add(new Alarm(nowMs + delayMs, task)),
                        () -> mayAnswer,
                        () -> nowMs,
                        () -> Instant.ofEpochMilli(nowMs),
                        EventSink.NONE));
    }

    /** A note is a key without a value. */
    private static final class NoteCodec implements RecordCodec<String> {
        @Override
        public CoordinatorRecord encode(String note) {
            return new CoordinatorRecord(ByteBuffer.wrap(note.getBytes(UTF_8)), null);
        }

        @Override
        public Optional<String> decode(ByteBuffer key, ByteBuffer value) {
            String note = UTF_8.decode(key.duplicate()).toString();
            return note.startsWith("?") ? Optional.empty() : Optional.of(note);
        }
    }

    /** A shard that keeps notes. */
    private final class Notes implements CoordinatorShard<String> {
        private final List<String> kept = new ArrayList<>();
        private final List<String> underWay = new ArrayList<>();
        private long alarmAtMs = NO_DEADLINE;

        @Override
        public void prepare(String note, long producerId) {
            underWay.add(note);
        }

        @Override
        public void drop(String note, long producerId) {
            underWay.remove(note);
        }

        @Override
        public void replay(String note, long offset, long producerId) {
            underWay.remove(note);
            kept.add((producerId >= 0 ? "txn" + producerId + ":" : "") + note);
        }

        @Override
        public void replayEndTransaction(long producerId, boolean committed) {
            kept.add("end" + producerId + ":" + committed);
        }

        @Override
        public Decision<String> onCommitted(String note, long now) {
            return note.equals("first") ? keep("second") : new Decision<>();
        }

        @Override
        public Decision<String> loaded(long now) {
            said.add("loaded " + kept);
            return new Decision<>();
        }

        @Override
        public Decision<String> unloaded(Errors error) {
            return Decision.answering(said::add, "unloaded " + error);
        }

        @Override
        public Decision<String> tick(long now) {
            alarmAtMs = NO_DEADLINE;
            said.add("tick@" + now);
            return new Decision<>();
        }

        @Override
        public long nextDeadlineMs() {
            return alarmAtMs;
        }

        Decision<String> keep(String note) {
            Decision<String> decision = new Decision<>();
            decision.append(new RecordAppend<>(List.of(note), new Continuation<>() {
                @Override
                public Decision<String> committed(Errors error, long now) {
                    return say(note + " committed " + error + ", kept " + kept);
                }

                @Override
                public Decision<String> failed(Errors error, long now) {
                    return say(note + " failed " + error);
                }

                @Override
                public Decision<String> overdue(long now) {
                    return say(note + " overdue");
                }
            }));
            return decision;
        }
    }

    private Decision<String> say(String what) {
        return Decision.answering(said::add, what);
    }

    @FunctionalInterface
    private interface Step {
        Decision<String> run(Notes shard);
    }

    private void keep(String note) {
        ask(note, shard -> shard.keep(note), false);
    }

    private void ask(String name, Step step, boolean waitsForLoading) {
        runtime.submit(0, new ShardCommand<>() {
            @Override
            public Decision<String> execute(Notes shard, long now) {
                return step.run(shard);
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
            public Decision<String> execute(Notes shard, long now) {
                return say(name + " executed");
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
        ask("before", shard -> say("before answered"), false);
        mayAnswer = false;
        ask("meanwhile", shard -> say("meanwhile answered"), false);
        tell("marker");
        runAll();
        assertThat(said)
                .containsExactly(
                        "meanwhile rejected NOT_COORDINATOR", "before rejected NOT_COORDINATOR", "marker executed");

        said.clear();
        mayAnswer = true;
        ask("after", shard -> say("after answered"), false);
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

        assertThat(said).containsExactly("a committed NONE, kept [a]");
    }

    @Test
    void aRecordIsUnderWayAsSoonAsItIsDecidedAndCountsWhenItIsCommitted() {
        elect(1);

        keep("a");
        ask("look", shard -> say("kept " + shard.kept + ", under way " + shard.underWay), false);
        runAll();
        assertThat(said).containsExactly("kept [], under way [a]");
        log.commit(0);
        ask("look", shard -> say("kept " + shard.kept + ", under way " + shard.underWay), false);
        runAll();

        assertThat(said).endsWith("a committed NONE, kept [a]", "kept [a], under way []");
    }

    @Test
    void doesWhatFollowsFromACommittedRecord() {
        elect(1);

        keep("first");
        runAll();
        log.commit(0);
        runAll();
        log.commit(1);
        runAll();

        assertThat(said)
                .containsExactly("first committed NONE, kept [first]", "second committed NONE, kept [first, second]");
    }

    @Test
    void liveAndLoadedStateAreTheSame() {
        elect(1);
        keep("a");
        keep("b");
        runAll();
        log.commit(0);
        runAll();
        assertThat(said).endsWith("b committed NONE, kept [a, b]");

        runtime.onResignation(0, OptionalInt.of(2));
        runtime.onElection(0, 3);
        runAll();

        assertThat(said).endsWith("loaded [a, b]");
    }

    @Test
    void skipsRecordsOfAnUnknownKind() {
        elect(1);
        keep("?from a newer broker");
        keep("a");
        runAll();

        runtime.onResignation(0, OptionalInt.of(2));
        runtime.onElection(0, 3);
        runAll();

        assertThat(said).endsWith("loaded [a]");
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

        assertThat(said).containsExactly("a committed NONE, kept [a]", "b committed NONE, kept [a, b]");
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
        ask("look", shard -> say("kept " + shard.kept + ", under way " + shard.underWay), false);
        runAll();

        assertThat(said).containsExactly("a failed NOT_ENOUGH_REPLICAS", "kept [], under way []");
    }

    @Test
    void aBatchOnTooFewReplicasHoldsButIsAnsweredWithTheError() {
        elect(1);
        keep("a");
        runAll();

        log.entries().get(0).committed().completeExceptionally(new NotEnoughReplicasAfterAppendException("few"));
        runAll();

        assertThat(said).containsExactly("a committed NOT_ENOUGH_REPLICAS_AFTER_APPEND, kept [a]");
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

        assertThat(said).containsExactly("a overdue", "a committed NONE, kept [a]");
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
        ask("marker", shard -> say("marker"), true);
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
        Step inTransaction = shard -> {
            Decision<String> decision = new Decision<>();
            decision.append(new RecordAppend<>(List.of("b"), 7, (short) 0, new AnswerOnce<>(error -> {})));
            return decision;
        };
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

        assertThat(said).containsExactly("a committed NONE, kept [a]");
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
        ask(
                "alarm",
                shard -> {
                    shard.alarmAtMs = nowMs + 500;
                    return new Decision<>();
                },
                false);
        runAll();

        advance(499);
        assertThat(said).isEmpty();
        advance(1);

        assertThat(said).containsExactly("tick@1500");
    }

    @Test
    void aDefectIsAnsweredAndTheStateComesFromTheLogAgain() {
        elect(1);
        Step broken = shard -> {
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
                        "a committed NONE, kept [a]");
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
