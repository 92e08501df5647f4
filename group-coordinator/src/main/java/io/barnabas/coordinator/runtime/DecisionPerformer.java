// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordinator.runtime.BatchAppender.Batch;
import io.barnabas.coordinator.runtime.BatchAppender.Encoded;
import io.barnabas.coordinator.runtime.InFlightAppends.InFlight;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/**
 * Carries out what a shard decides: tells the events, appends the records, has the shard replay them once they are
 * committed, and gives the answers. Owned by the shard's loop.
 *
 * @param <R> the records of the shard
 */
final class DecisionPerformer<R> {
    private final BatchAppender<R> appender;
    private final EventSink events;
    private final int commitTimeoutMs;
    private final InFlightAppends<R> inFlight = new InFlightAppends<>();
    private List<Encoded<R>> appends = new ArrayList<>();
    private List<Decision<R>> toAnswer = new ArrayList<>();

    /** Hears what became of a batch, on any thread. */
    @FunctionalInterface
    interface Listener<R> {
        void onAppendDone(InFlight<R> batch, Long lastOffset, Throwable failure);
    }

    DecisionPerformer(TopicPartition partition, ShardSetup<R, ?> setup, CoordinatorEnvironment environment) {
        this.appender = new BatchAppender<>(partition, setup, environment);
        this.events = environment.events();
        this.commitTimeoutMs = setup.config().commitTimeoutMs();
    }

    /** Takes a decision up. Its records are under way from now on; they are appended by the next {@link #perform}. */
    void take(CoordinatorShard<R> shard, Decision<R> decision) {
        if (decision.isNothing()) {
            return;
        }
        toAnswer.add(decision);
        if (decision.onlyAnswers()) {
            return;
        }
        decision.events().forEach(events::record);
        for (RecordAppend<R> append : decision.appends()) {
            appends.add(appender.encode(append));
            for (R record : append.records()) {
                shard.prepare(record, append.producerId());
            }
        }
        decision.next().forEach(step -> take(shard, step.get()));
    }

    /** Appends all records taken up, also those that follow from refused ones, and then gives all answers. */
    void perform(CoordinatorShard<R> shard, int leaderEpoch, long nowMs, Listener<R> listener) {
        while (!appends.isEmpty()) {
            List<Encoded<R>> taken = appends;
            appends = new ArrayList<>();
            for (Batch<R> batch : appender.batches(taken)) {
                append(shard, batch, leaderEpoch, nowMs, listener);
            }
        }
        giveAnswers();
    }

    private void append(CoordinatorShard<R> shard, Batch<R> batch, int leaderEpoch, long nowMs, Listener<R> listener) {
        CompletionStage<Long> committed;
        try {
            committed = appender.append(batch, leaderEpoch);
        } catch (ApiException e) {
            Errors error = Errors.forException(e);
            for (RecordAppend<R> append : batch.appends()) {
                append.records().forEach(record -> shard.drop(record, append.producerId()));
                take(shard, append.then().failed(error, nowMs));
            }
            return;
        }
        InFlight<R> entry = new InFlight<>(batch.appends(), nowMs + commitTimeoutMs);
        inFlight.add(entry);
        committed.whenComplete((lastOffset, failure) -> listener.onAppendDone(entry, lastOffset, failure));
    }

    /** A batch is committed: it counts, after all those before it in the log. */
    void committed(CoordinatorShard<R> shard, InFlight<R> batch, Errors outcome, long lastOffset, long nowMs) {
        for (InFlight<R> done : inFlight.complete(batch, outcome, lastOffset)) {
            for (RecordAppend<R> append : done.appends()) {
                for (R record : append.records()) {
                    shard.replay(record, done.lastOffset(), append.producerId());
                }
                take(shard, append.then().committed(done.outcome(), nowMs));
                for (R record : append.records()) {
                    take(shard, shard.onCommitted(record, nowMs));
                }
            }
        }
    }

    /** Answers those whose records are late. */
    void expire(CoordinatorShard<R> shard, long nowMs) {
        for (InFlight<R> late : inFlight.takeOverdue(nowMs)) {
            late.appends().forEach(append -> take(shard, append.then().overdue(nowMs)));
        }
    }

    /** When {@link #expire} has something to do next. */
    long nextDeadlineMs() {
        return inFlight.nextDeadlineMs();
    }

    /**
     * The shard is to be dropped: all records under way fail, and those that follow from the failures fail too.
     */
    void abandon(Errors error, long nowMs) {
        Deque<RecordAppend<R>> lost = new ArrayDeque<>();
        appends.forEach(encoded -> lost.add(encoded.append()));
        appends.clear();
        inFlight.takeAll().forEach(batch -> lost.addAll(batch.appends()));
        while (!lost.isEmpty()) {
            lost.addAll(refuse(lost.poll().then().failed(error, nowMs)));
        }
    }

    /** Takes up the last decision of a shard that is dropped: it may answer, but no longer append. */
    void takeLast(Decision<R> decision, Errors error, long nowMs) {
        Deque<RecordAppend<R>> lost = new ArrayDeque<>(refuse(decision));
        while (!lost.isEmpty()) {
            lost.addAll(refuse(lost.poll().then().failed(error, nowMs)));
        }
        giveAnswers();
    }

    private List<RecordAppend<R>> refuse(Decision<R> decision) {
        toAnswer.add(decision);
        decision.events().forEach(events::record);
        return decision.appends();
    }

    private void giveAnswers() {
        if (toAnswer.isEmpty()) {
            return;
        }
        List<Decision<R>> taken = toAnswer;
        toAnswer = new ArrayList<>();
        taken.forEach(Decision::giveAnswers);
    }
}
