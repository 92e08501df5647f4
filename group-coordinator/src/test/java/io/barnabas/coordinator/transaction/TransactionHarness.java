// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.record.CoordinatorRecord;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RecordAppend;
import io.barnabas.coordinator.transaction.Completions.Completion;
import io.barnabas.coordinator.transaction.InitProducerId.Producer;
import io.barnabas.coordinator.transaction.TransactionMarkers.Marker;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * A shard with its loop, its log, its clock and the partitions' leaders in the test's hands. Single-threaded. It may be
 * told to crash after so many steps: each record that enters the log and each marker that a leader takes is one.
 */
final class TransactionHarness {
    static final String ID = "tx";
    static final TopicPartition A = new TopicPartition("a", 0);
    static final TopicPartition B = new TopicPartition("b", 1);

    /** What an append is to come to. */
    enum Fate {
        COMMITTED,
        WAITING,
        FAILED
    }

    /** The coordinator died; its log and the markers written stay. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("the coordinator crashed", null, false, false);
        }
    }

    private final TransactionConfig config;
    private final TransactionRecordCodec codec = new TransactionRecordCodec();
    private final List<Decision<TransactionRecord>> toAnswer = new ArrayList<>();
    private final List<RecordAppend<TransactionRecord>> toAppend = new ArrayList<>();
    private final List<CoordinatorRecord> log = new ArrayList<>();
    private final Deque<RecordAppend<TransactionRecord>> waiting = new ArrayDeque<>();
    private final List<Marker> markers = new ArrayList<>();
    private final Map<TopicPartition, Errors> leaders = new HashMap<>();
    private final Map<TopicPartition, List<Boolean>> written = new HashMap<>();
    private final List<Runnable> unanswered = new ArrayList<>();
    private TransactionShard shard;
    private Fate fate = Fate.COMMITTED;
    private boolean answersMarkers = true;
    private long nowMs = 1_000_000;
    private long nextProducerId = 100;
    private int leaderEpoch = 1;
    private int stepsLeft = Integer.MAX_VALUE;

    TransactionHarness() {
        this(TransactionConfig.DEFAULTS);
    }

    TransactionHarness(TransactionConfig config) {
        this.config = config;
        load();
    }

    // --- the world around

    /** What becomes of appends from now on. */
    void fate(Fate newFate) {
        fate = newFate;
    }

    /** Commits everything that waits, with this outcome. */
    void commitWaiting(Errors outcome) {
        while (!waiting.isEmpty()) {
            commit(waiting.poll(), outcome);
            carryOut();
        }
    }

    /** Everything that waits does so for too long. */
    void overdue() {
        List.copyOf(waiting).forEach(append -> perform(() -> append.then().overdue(nowMs)));
    }

    /** What the leader of a partition answers to markers from now on. */
    void leaderAnswers(TopicPartition partition, Errors error) {
        leaders.put(partition, error);
    }

    /** Leaders keep their answers back from now on. */
    void holdMarkerAnswers() {
        answersMarkers = false;
    }

    /** The answers kept back arrive. */
    void releaseMarkerAnswers() {
        answersMarkers = true;
        List<Runnable> late = List.copyOf(unanswered);
        unanswered.clear();
        late.forEach(Runnable::run);
    }

    /** The markers asked for, oldest first. */
    List<Marker> markers() {
        return markers;
    }

    /** The distinct ends a partition saw: true for commit. */
    Set<Boolean> ends(TopicPartition partition) {
        return new HashSet<>(written.getOrDefault(partition, List.of()));
    }

    /** The ends a partition saw, oldest first, repetitions included. */
    List<Boolean> endsInOrder(TopicPartition partition) {
        return written.getOrDefault(partition, List.of());
    }

    List<CoordinatorRecord> log() {
        return log;
    }

    /** Provides no producer ids from now on. */
    void noProducerIds() {
        nextProducerId = -1;
    }

    void crashAfter(int steps) {
        stepsLeft = steps;
    }

    private void step() {
        if (stepsLeft == 0) {
            throw new Crash();
        }
        stepsLeft--;
    }

    /** Leadership comes to a coordinator that knows the log only. */
    void nextCoordinator() {
        nextCoordinatorCrashingAfter(Integer.MAX_VALUE);
    }

    /** The same, and it crashes too, possibly while it loads. */
    void nextCoordinatorCrashingAfter(int steps) {
        stepsLeft = steps;
        waiting.clear();
        unanswered.clear();
        toAppend.clear();
        toAnswer.clear();
        leaderEpoch++;
        load();
    }

    private void load() {
        shard = new TransactionShard(config, () -> Instant.ofEpochMilli(nowMs), this::producerId, this::send);
        shard.onLeaderEpoch(leaderEpoch);
        for (int offset = 0; offset < log.size(); offset++) {
            CoordinatorRecord record = log.get(offset);
            shard.replay(codec.decode(record.key(), record.value()).orElseThrow(), offset, -1L);
        }
        perform(() -> shard.loaded(nowMs));
    }

    private OptionalLong producerId() {
        return nextProducerId < 0 ? OptionalLong.empty() : OptionalLong.of(nextProducerId++);
    }

    private void send(Marker marker, TransactionShard asking, Completion completion) {
        markers.add(marker);
        Map<TopicPartition, Errors> answers = new HashMap<>();
        for (TopicPartition partition : marker.partitions()) {
            Errors error = leaders.getOrDefault(partition, Errors.NONE);
            if (error == Errors.NONE) {
                step();
                written.computeIfAbsent(partition, id -> new ArrayList<>()).add(marker.commit());
            }
            answers.put(partition, error);
        }
        Runnable answer = () -> perform(() -> asking.markersAnswered(completion, answers, nowMs));
        if (answersMarkers) {
            answer.run();
        } else {
            unanswered.add(answer);
        }
    }

    /** Runs a step of the shard, and all it leads to at once. */
    private void perform(Supplier<Decision<TransactionRecord>> step) {
        take(step.get());
        carryOut();
    }

    private void take(Decision<TransactionRecord> decision) {
        toAnswer.add(decision);
        for (RecordAppend<TransactionRecord> append : decision.appends()) {
            append.records().forEach(record -> shard.prepare(record, append.producerId()));
            toAppend.add(append);
        }
        decision.next().forEach(step -> take(step.get()));
    }

    private void carryOut() {
        while (!toAppend.isEmpty()) {
            append(toAppend.remove(0));
        }
        List<Decision<TransactionRecord>> taken = List.copyOf(toAnswer);
        toAnswer.clear();
        taken.forEach(Decision::giveAnswers);
    }

    private void append(RecordAppend<TransactionRecord> append) {
        if (fate == Fate.FAILED) {
            append.records().forEach(record -> shard.drop(record, append.producerId()));
            take(append.then().failed(Errors.NOT_ENOUGH_REPLICAS, nowMs));
            return;
        }
        step();
        append.records().forEach(record -> log.add(codec.encode(record)));
        if (fate == Fate.COMMITTED) {
            commit(append, Errors.NONE);
        } else {
            waiting.add(append);
        }
    }

    private void commit(RecordAppend<TransactionRecord> append, Errors outcome) {
        append.records().forEach(record -> shard.replay(record, log.size() - 1L, append.producerId()));
        take(append.then().committed(outcome, nowMs));
        append.records().forEach(record -> take(shard.onCommitted(record, nowMs)));
    }

    /** Lets time pass, waking the shard whenever it asked for it. */
    void advance(long ms) {
        long untilMs = nowMs + ms;
        while (shard.nextDeadlineMs() <= untilMs) {
            nowMs = Math.max(nowMs, shard.nextDeadlineMs());
            perform(() -> shard.tick(nowMs));
        }
        nowMs = untilMs;
    }

    /** Leadership is lost. */
    void unload() {
        perform(() -> shard.unloaded(Errors.NOT_COORDINATOR));
    }

    // --- requests

    /** An answer that may not have come yet. */
    static final class Answer<T> {
        private T value;

        void take(T answer) {
            if (value != null) {
                throw new IllegalStateException("answered twice: " + value + ", " + answer);
            }
            value = answer;
        }

        T get() {
            if (value == null) {
                throw new IllegalStateException("not answered");
            }
            return value;
        }

        boolean isThere() {
            return value != null;
        }
    }

    Answer<InitProducerId.Result> initLater(int timeoutMs, Optional<Producer> expected) {
        Answer<InitProducerId.Result> answer = new Answer<>();
        perform(() -> shard.initProducerId(new InitProducerId.Request(ID, timeoutMs, expected), answer::take));
        return answer;
    }

    InitProducerId.Result init() {
        return initLater(60_000, Optional.empty()).get();
    }

    InitProducerId.Result initAgain(long producerId, int epoch) {
        return initLater(60_000, Optional.of(new Producer(producerId, (short) epoch)))
                .get();
    }

    Answer<Errors> addLater(long producerId, int epoch, TopicPartition... partitions) {
        Answer<Errors> answer = new Answer<>();
        perform(() -> shard.addPartitions(ID, producerId, (short) epoch, Set.of(partitions), answer::take, nowMs));
        return answer;
    }

    Errors add(long producerId, int epoch, TopicPartition... partitions) {
        return addLater(producerId, epoch, partitions).get();
    }

    Map<TopicPartition, Errors> verify(long producerId, int epoch, TopicPartition... partitions) {
        return shard.verifyPartitions(ID, producerId, (short) epoch, Set.of(partitions));
    }

    Answer<Errors> endLater(long producerId, int epoch, boolean commit) {
        Answer<Errors> answer = new Answer<>();
        perform(() -> shard.end(ID, producerId, (short) epoch, commit, answer::take));
        return answer;
    }

    Errors end(long producerId, int epoch, boolean commit) {
        return endLater(producerId, epoch, commit).get();
    }

    TransactionDescription describe() {
        return shard.describe(ID);
    }

    String state() {
        return describe().state();
    }

    List<TransactionListing.ListedTransaction> list(TransactionListing.Filter filter) {
        return shard.list(filter, nowMs);
    }
}
