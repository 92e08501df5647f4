// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.fetch.FetchAnswer.PartitionAnswer;
import io.barnabas.replica.fetch.FetchPlan.PartitionFetch;
import io.barnabas.replica.log.EpochEndOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;

/** A leader over in-memory logs with a real fetch session, answering only when told to. */
final class FakeLeader implements LeaderEndPoint {
    private static final int RECORDS_PER_FETCH = 3;

    private final boolean truncatesOnFetch;
    final Map<TopicPartition, MemoryLog> logs = new HashMap<>();
    final Map<TopicPartition, Integer> epochs = new HashMap<>();
    final Map<TopicPartition, Errors> errors = new HashMap<>();
    final List<FetchPlan> plans = new ArrayList<>();
    final List<Integer> waits = new ArrayList<>();
    final List<String> questions = new ArrayList<>();
    final Queue<Runnable> mailbox = new ArrayDeque<>();
    private final Map<TopicPartition, PartitionFetch> session = new LinkedHashMap<>();
    private int sessionId;
    private int sessionEpoch;
    private int lastSessionId;
    CompletableFuture<FetchAnswer> fetchUnderWay;
    private boolean fetchIsFull;
    boolean corruptNext;
    boolean closed;

    FakeLeader(boolean truncatesOnFetch) {
        this.truncatesOnFetch = truncatesOnFetch;
    }

    FakeLeader leads(MemoryLog log, int epoch) {
        logs.put(log.topicPartition(), log);
        epochs.put(log.topicPartition(), epoch);
        return this;
    }

    /** Runs what waits for the loop's thread. */
    void settle() {
        for (Runnable next = mailbox.poll(); next != null; next = mailbox.poll()) {
            next.run();
        }
    }

    /** Answers the fetch under way, then lets the loop go on. */
    void answer() {
        CompletableFuture<FetchAnswer> answered = fetchUnderWay;
        fetchUnderWay = null;
        answered.complete(fetchAnswer());
        settle();
    }

    void answer(FetchAnswer answer) {
        CompletableFuture<FetchAnswer> answered = fetchUnderWay;
        fetchUnderWay = null;
        answered.complete(answer);
        settle();
    }

    void fail(RuntimeException failure) {
        CompletableFuture<FetchAnswer> failed = fetchUnderWay;
        fetchUnderWay = null;
        failed.completeExceptionally(failure);
        settle();
    }

    void forgetSession() {
        session.clear();
        sessionId = 0;
    }

    @Override
    public CompletionStage<FetchAnswer> fetch(FetchPlan plan, int maxWaitMs) {
        waits.add(maxWaitMs);
        if (fetchUnderWay != null) {
            throw new IllegalStateException("two fetches at once");
        }
        plans.add(plan);
        fetchUnderWay = new CompletableFuture<>();
        fetchIsFull = plan.sessionEpoch() == 0;
        if (fetchIsFull) {
            session.clear();
            sessionId = ++lastSessionId;
            sessionEpoch = 0;
        } else if (plan.sessionId() != sessionId || plan.sessionEpoch() != sessionEpoch + 1) {
            return fetchUnderWay;
        } else {
            sessionEpoch++;
        }
        plan.partitions().forEach(p -> session.put(p.topicPartition(), p));
        plan.forgotten().forEach(p -> session.remove(p.topicPartition()));
        return fetchUnderWay;
    }

    private FetchAnswer fetchAnswer() {
        if (sessionId == 0) {
            return new FetchAnswer(Errors.FETCH_SESSION_ID_NOT_FOUND, 0, 0, List.of());
        }
        List<PartitionAnswer> answers = new ArrayList<>();
        for (PartitionFetch fetch : session.values()) {
            PartitionAnswer answer = answer(fetch);
            boolean news = answer.error() != Errors.NONE
                    || answer.diverging() != null
                    || answer.records().sizeInBytes() > 0;
            if (news || fetchIsFull) {
                answers.add(answer);
            }
        }
        return new FetchAnswer(Errors.NONE, sessionId, 0, answers);
    }

    private PartitionAnswer answer(PartitionFetch fetch) {
        TopicPartition partition = fetch.topicPartition();
        MemoryLog log = logs.get(partition);
        Errors error = fenced(partition, fetch.currentLeaderEpoch());
        if (error == Errors.NONE && log != null) {
            boolean hasHistory = fetch.lastFetchedEpoch() >= 0;
            EpochEndOffset diverging = hasHistory ? divergence(fetch) : null;
            if (diverging != null) {
                return new PartitionAnswer(
                        partition,
                        fetch.topicId(),
                        Errors.NONE,
                        log.highWatermark(),
                        0,
                        diverging,
                        MemoryRecords.EMPTY);
            }
            if (fetch.fetchOffset() < log.logStartOffset() || fetch.fetchOffset() > log.logEndOffset()) {
                error = Errors.OFFSET_OUT_OF_RANGE;
            }
        }
        MemoryRecords records =
                error == Errors.NONE ? records(log.read(fetch.fetchOffset(), RECORDS_PER_FETCH)) : MemoryRecords.EMPTY;
        long highWatermark = log == null ? -1L : log.highWatermark();
        long start = log == null ? -1L : log.logStartOffset();
        return new PartitionAnswer(partition, fetch.topicId(), error, highWatermark, start, null, records);
    }

    /** As a leader checks the last fetched epoch (KIP-595). */
    private EpochEndOffset divergence(PartitionFetch fetch) {
        EpochEndOffset end = end(fetch.topicPartition(), fetch.lastFetchedEpoch());
        return end.leaderEpoch() < fetch.lastFetchedEpoch() || end.endOffset() < fetch.fetchOffset() ? end : null;
    }

    private MemoryRecords records(MemoryRecords read) {
        if (corruptNext && read.sizeInBytes() > 0) {
            corruptNext = false;
            read.buffer().put(30, (byte) (read.buffer().get(30) ^ 1));
        }
        return read;
    }

    private Errors fenced(TopicPartition partition, int currentLeaderEpoch) {
        Errors forced = errors.get(partition);
        if (forced != null) {
            return forced;
        }
        Integer epoch = epochs.get(partition);
        if (epoch == null) {
            return Errors.NOT_LEADER_OR_FOLLOWER;
        }
        if (currentLeaderEpoch < epoch) {
            return Errors.FENCED_LEADER_EPOCH;
        }
        return currentLeaderEpoch > epoch ? Errors.UNKNOWN_LEADER_EPOCH : Errors.NONE;
    }

    @Override
    public CompletionStage<Map<TopicPartition, EpochAnswer>> offsetsForLeaderEpoch(
            Map<TopicPartition, EpochQuestion> asked) {
        Map<TopicPartition, EpochAnswer> answers = new HashMap<>();
        asked.forEach((partition, question) -> {
            questions.add("epoch " + question.leaderEpoch() + " of " + partition);
            Errors error = fenced(partition, question.currentLeaderEpoch());
            answers.put(partition, new EpochAnswer(error, end(partition, question.leaderEpoch())));
        });
        return later(answers);
    }

    private EpochEndOffset end(TopicPartition partition, int epoch) {
        MemoryLog log = logs.get(partition);
        return log == null
                ? EpochEndOffset.UNDEFINED
                : log.endOffsetForEpoch(epoch, epochs.get(partition)).orElse(EpochEndOffset.UNDEFINED);
    }

    @Override
    public CompletionStage<OffsetAnswer> listOffset(TopicPartition partition, int currentLeaderEpoch, LogEnd end) {
        questions.add(end + " of " + partition);
        MemoryLog log = logs.get(partition);
        Errors error = epochs.get(partition) == null
                ? Errors.NOT_LEADER_OR_FOLLOWER
                : currentLeaderEpoch < epochs.get(partition) ? Errors.FENCED_LEADER_EPOCH : Errors.NONE;
        long offset = error != Errors.NONE ? -1L : end == LogEnd.EARLIEST ? log.logStartOffset() : log.logEndOffset();
        return later(new OffsetAnswer(error, offset));
    }

    private <T> CompletionStage<T> later(T answer) {
        CompletableFuture<T> future = new CompletableFuture<>();
        mailbox.add(() -> future.complete(answer));
        return future;
    }

    @Override
    public int leaderId() {
        return 1;
    }

    @Override
    public Executor executor() {
        return mailbox::add;
    }

    @Override
    public boolean truncatesOnFetch() {
        return truncatesOnFetch;
    }

    @Override
    public boolean knowsLeaderEpochs() {
        return true;
    }

    @Override
    public void close() {
        closed = true;
    }

    static FetchAssignment assignment(MemoryLog log, int epoch) {
        return assignment(log, epoch, 0);
    }

    static FetchAssignment assignment(MemoryLog log, int epoch, long notBeforeMs) {
        return new FetchAssignment(
                new Uuid(7, log.topicPartition().topic().hashCode()),
                new LeaderAddress(1, "localhost", 1),
                epoch,
                log,
                notBeforeMs);
    }
}
