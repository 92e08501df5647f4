// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecordCodec;
import io.barnabas.coordinator.record.CoordinatorRecord;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/** A shard with its loop, its log and its clock in the test's hands. Single-threaded. */
final class ShardHarness {
    /** What an append is to come to. */
    enum Fate {
        COMMITTED,
        WAITING,
        FAILED
    }

    private final GroupConfig config;
    private final GroupRecordCodec codec;
    private final List<Decision<GroupRecord>> toAnswer = new ArrayList<>();
    private final List<RecordAppend<GroupRecord>> toAppend = new ArrayList<>();
    private final List<Logged> log = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private GroupShard shard;
    private Fate fate = Fate.COMMITTED;
    private long nowMs = 1_000_000;
    private long nextId;

    /** One thing in the log: a record, or the end of a transaction if the record is null. */
    private record Logged(CoordinatorRecord record, long producerId, boolean committed) {}

    private record Waiting(RecordAppend<GroupRecord> append, long lastOffset) {}

    ShardHarness(GroupConfig config) {
        this.config = config;
        this.codec = new GroupRecordCodec(config.recordVersions());
        this.shard = newShard();
        perform(() -> shard.loaded(nowMs));
    }

    private GroupShard newShard() {
        return new GroupShard(config, () -> Instant.ofEpochMilli(nowMs), () -> new UUID(0, ++nextId));
    }

    GroupShard shard() {
        return shard;
    }

    long nowMs() {
        return nowMs;
    }

    /** What becomes of appends from now on. The log's order is kept: none overtakes those that wait. */
    void fate(Fate newFate) {
        fate = newFate;
        if (fate == Fate.COMMITTED) {
            commitWaiting();
        }
    }

    /** Commits everything that waits. */
    void commitWaiting() {
        while (!waiting.isEmpty()) {
            Waiting oldest = waiting.poll();
            commit(oldest);
            carryOut();
        }
    }

    /** Tells the shard that everything that waits does so for too long. */
    void overdue() {
        List.copyOf(waiting)
                .forEach(entry -> perform(() -> entry.append().then().overdue(nowMs)));
    }

    /** Runs a step of the shard, and all it leads to at once. */
    void perform(Supplier<Decision<GroupRecord>> step) {
        take(step.get());
        carryOut();
    }

    private void take(Decision<GroupRecord> decision) {
        toAnswer.add(decision);
        for (RecordAppend<GroupRecord> append : decision.appends()) {
            append.records().forEach(record -> shard.prepare(record, append.producerId()));
            toAppend.add(append);
        }
        decision.next().forEach(step -> take(step.get()));
    }

    private void carryOut() {
        while (!toAppend.isEmpty()) {
            append(toAppend.remove(0));
        }
        List<Decision<GroupRecord>> taken = List.copyOf(toAnswer);
        toAnswer.clear();
        taken.forEach(Decision::giveAnswers);
    }

    private void append(RecordAppend<GroupRecord> append) {
        if (fate == Fate.FAILED) {
            append.records().forEach(record -> shard.drop(record, append.producerId()));
            take(append.then().failed(Errors.NOT_ENOUGH_REPLICAS, nowMs));
            return;
        }
        append.records().forEach(record -> log.add(new Logged(codec.encode(record), append.producerId(), false)));
        Waiting appended = new Waiting(append, log.size() - 1L);
        if (fate == Fate.COMMITTED) {
            commit(appended);
        } else {
            waiting.add(appended);
        }
    }

    private void commit(Waiting appended) {
        RecordAppend<GroupRecord> append = appended.append();
        append.records().forEach(record -> shard.replay(record, appended.lastOffset(), append.producerId()));
        take(append.then().committed(Errors.NONE, nowMs));
        append.records().forEach(record -> take(shard.onCommitted(record, nowMs)));
    }

    /** Writes a transaction's marker, and tells the shard. */
    void endTransaction(long producerId, boolean committed) {
        log.add(new Logged(null, producerId, committed));
        shard.replayEndTransaction(producerId, committed);
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

    /** Leadership is lost, and comes back to a coordinator that knows the log only. */
    void reload() {
        unload();
        load();
    }

    void unload() {
        List<Waiting> lost = List.copyOf(waiting);
        waiting.clear();
        lost.forEach(entry -> perform(() -> entry.append().then().failed(Errors.NOT_COORDINATOR, nowMs)));
        perform(() -> shard.unloaded(Errors.NOT_COORDINATOR));
    }

    void load() {
        shard = newShard();
        for (int offset = 0; offset < log.size(); offset++) {
            Logged entry = log.get(offset);
            if (entry.record() == null) {
                shard.replayEndTransaction(entry.producerId(), entry.committed());
            } else {
                CoordinatorRecord record = entry.record();
                shard.replay(codec.decode(record.key(), record.value()).orElseThrow(), offset, entry.producerId());
            }
        }
        perform(() -> shard.loaded(nowMs));
    }

    /** The records in the log. */
    List<CoordinatorRecord> records() {
        return log.stream().map(Logged::record).filter(record -> record != null).toList();
    }
}
