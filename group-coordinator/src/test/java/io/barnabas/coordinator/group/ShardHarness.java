// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import io.barnabas.coordinator.runtime.CoordinatorRecord;
import io.barnabas.coordinator.runtime.LoadedRecord;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.RecordAppend;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
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
    private final Outbox outbox = new Outbox();
    private final List<Logged> log = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private GroupShard shard;
    private Fate fate = Fate.COMMITTED;
    private long nowMs = 1_000_000;
    private long nextId;

    /** One thing in the log: a record, or the end of a transaction if the record is null. */
    private record Logged(CoordinatorRecord record, long producerId, boolean committed) {}

    private record Waiting(RecordAppend append, long lastOffset) {}

    ShardHarness(GroupConfig config) {
        this.config = config;
        this.shard = newShard();
        perform(out -> shard.loaded(nowMs, out));
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
            perform(out -> oldest.append().callback().committed(oldest.lastOffset(), Errors.NONE, nowMs, out));
        }
    }

    /** Tells the shard that everything that waits does so for too long. */
    void overdue() {
        List.copyOf(waiting)
                .forEach(entry -> perform(out -> entry.append().callback().overdue(nowMs, out)));
    }

    /** Runs a step of the shard, and all it leads to at once. */
    void perform(Consumer<Outbox> step) {
        step.accept(outbox);
        for (List<RecordAppend> appends = outbox.takeAppends(); !appends.isEmpty(); appends = outbox.takeAppends()) {
            appends.forEach(this::append);
        }
        outbox.takeAnswers().forEach(Runnable::run);
    }

    private void append(RecordAppend append) {
        if (fate == Fate.FAILED) {
            append.callback().failed(Errors.NOT_ENOUGH_REPLICAS, nowMs, outbox);
            return;
        }
        append.records().forEach(record -> log.add(new Logged(record, append.producerId(), false)));
        long lastOffset = log.size() - 1L;
        if (fate == Fate.COMMITTED) {
            append.callback().committed(lastOffset, Errors.NONE, nowMs, outbox);
        } else {
            waiting.add(new Waiting(append, lastOffset));
        }
    }

    /** Writes a transaction's marker, and tells the shard. */
    void endTransaction(long producerId, boolean committed) {
        log.add(new Logged(null, producerId, committed));
        perform(out -> shard.replayEndTransaction(producerId, committed));
    }

    /** Lets time pass, waking the shard whenever it asked for it. */
    void advance(long ms) {
        long untilMs = nowMs + ms;
        while (shard.nextDeadlineMs() <= untilMs) {
            nowMs = Math.max(nowMs, shard.nextDeadlineMs());
            perform(out -> shard.tick(nowMs, out));
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
        lost.forEach(entry -> perform(out -> entry.append().callback().failed(Errors.NOT_COORDINATOR, nowMs, out)));
        perform(out -> shard.unloaded(Errors.NOT_COORDINATOR, out));
    }

    void load() {
        shard = newShard();
        for (int offset = 0; offset < log.size(); offset++) {
            Logged entry = log.get(offset);
            if (entry.record() == null) {
                shard.replayEndTransaction(entry.producerId(), entry.committed());
            } else {
                boolean transactional = entry.producerId() != RecordAppend.NO_PRODUCER_ID;
                shard.replay(new LoadedRecord(
                        offset,
                        nowMs,
                        entry.producerId(),
                        transactional,
                        entry.record().key().duplicate(),
                        entry.record().value() == null
                                ? null
                                : entry.record().value().duplicate()));
            }
        }
        perform(out -> shard.loaded(nowMs, out));
    }

    /** The records in the log. */
    List<CoordinatorRecord> records() {
        return log.stream().map(Logged::record).filter(record -> record != null).toList();
    }
}
