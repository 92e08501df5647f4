// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.CoordinatorShard;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.TimerQueue;
import io.barnabas.coordinator.transaction.Completions.Completion;
import io.barnabas.coordinator.transaction.TransactionListing.Filter;
import io.barnabas.coordinator.transaction.TransactionListing.ListedTransaction;
import io.barnabas.coordinator.transaction.TransactionMarkers.Marker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** The transactional ids of one partition of {@code __transaction_state}. Owned by that partition's loop. */
final class TransactionShard implements CoordinatorShard<TransactionRecord> {
    private final Map<String, TransactionMetadata> ids = new LinkedHashMap<>();
    private final TransactionConfig config;
    private final InstantSource wallClock;
    private final Supplier<OptionalLong> producerIds;
    private final EndDecider ends = new EndDecider();
    private final ProducerDecider producers = new ProducerDecider(ends);
    private final ParticipantDecider participants = new ParticipantDecider();
    private final ExpiryDecider expiries;

    // soft: a successor begins with none of it
    private final TimerQueue<TransactionRecord> timers = new TimerQueue<>();
    private final EndWaiters waiters = new EndWaiters(timers);
    private final Completions completions;
    private final TimerQueue<TransactionRecord>.Timer timeouts = timers.timer(this::abortTimedOut);
    private final TimerQueue<TransactionRecord>.Timer expiry = timers.timer(this::removeExpired);
    private int leaderEpoch;

    /** Where markers go; the answers come back by {@link #markersAnswered}. */
    @FunctionalInterface
    interface MarkerSender {
        void send(Marker marker, TransactionShard shard, Completion completion);
    }

    TransactionShard(
            TransactionConfig config,
            InstantSource wallClock,
            Supplier<OptionalLong> producerIds,
            MarkerSender sender) {
        this.config = config;
        this.wallClock = wallClock;
        this.producerIds = producerIds;
        this.expiries = new ExpiryDecider(config, ends);
        this.completions = new Completions(
                timers, () -> leaderEpoch, (marker, completion) -> sender.send(marker, this, completion));
    }

    private long wallMs() {
        return wallClock.millis();
    }

    // --- loading and unloading

    @Override
    public void onLeaderEpoch(int epoch) {
        leaderEpoch = epoch;
    }

    @Override
    public void prepare(TransactionRecord record, long producerId) {
        ids.get(record.transactionalId()).prepare(record.stored());
    }

    @Override
    public void drop(TransactionRecord record, long producerId) {
        ids.get(record.transactionalId()).drop();
    }

    @Override
    public void replay(TransactionRecord record, long offset, long producerId) {
        String transactionalId = record.transactionalId();
        TransactionMetadata known = ids.get(transactionalId);
        if (record.isTombstone()) {
            ids.remove(transactionalId);
        } else if (known == null) {
            ids.put(transactionalId, new TransactionMetadata(transactionalId, record.stored()));
        } else {
            known.replay(record.stored());
        }
    }

    @Override
    public void replayEndTransaction(long producerId, boolean committed) {
        // Nothing in this topic is written in a transaction.
    }

    @Override
    public Decision<TransactionRecord> onCommitted(TransactionRecord record, long nowMs) {
        switch (record.stored().state()) {
            case ONGOING -> watchTimeouts(nowMs);
            case PREPARE_COMMIT, PREPARE_ABORT -> {
                return completions.begin(ids.get(record.transactionalId()), nowMs, wallMs());
            }
            case COMPLETE_COMMIT, COMPLETE_ABORT -> {
                return waiters.release(record.transactionalId());
            }
            case EMPTY, DEAD, PREPARE_EPOCH_FENCE -> {}
        }
        return Decision.nothing();
    }

    @Override
    public Decision<TransactionRecord> loaded(long nowMs) {
        Decision<TransactionRecord> decision = new Decision<>();
        for (TransactionMetadata id : ids.values()) {
            if (id.isEnding()) {
                decision.add(completions.begin(id, nowMs, wallMs()));
            }
        }
        watchTimeouts(nowMs);
        expiry.set(nowMs + config.removeExpiredIntervalMs());
        return decision;
    }

    @Override
    public Decision<TransactionRecord> unloaded(Errors error) {
        // Whoever waited for a record was told when the append failed; the next leader carries on from the log.
        Decision<TransactionRecord> decision = waiters.refuseAll(error);
        ids.clear();
        return decision;
    }

    @Override
    public Decision<TransactionRecord> tick(long nowMs) {
        return timers.runDue(nowMs);
    }

    @Override
    public long nextDeadlineMs() {
        return timers.nextDeadlineMs();
    }

    // --- time

    /** A transaction may have begun: look for timed out ones at the next interval, as long as there are any open. */
    private void watchTimeouts(long nowMs) {
        if (!timeouts.isSet()) {
            timeouts.set(nowMs + config.abortTimedOutIntervalMs());
        }
    }

    private void abortTimedOut(long nowMs, Decision<TransactionRecord> decision) {
        decision.add(expiries.abortTimedOut(ids.values(), wallMs()));
        if (ids.values().stream().anyMatch(id -> id.state() == TransactionState.ONGOING)) {
            watchTimeouts(nowMs);
        }
    }

    private void removeExpired(long nowMs, Decision<TransactionRecord> decision) {
        expiry.set(nowMs + config.removeExpiredIntervalMs());
        decision.add(expiries.removeExpired(ids.values(), wallMs()));
    }

    // --- requests

    Decision<TransactionRecord> initProducerId(InitProducerId.Request request, Consumer<InitProducerId.Result> answer) {
        TransactionMetadata id = ids.get(request.transactionalId());
        if (id == null) {
            OptionalLong producerId = producerIds.get();
            if (producerId.isEmpty()) {
                return Decision.answering(answer, InitProducerId.Result.failed(Errors.COORDINATOR_LOAD_IN_PROGRESS));
            }
            id = TransactionMetadata.unused(
                    request.transactionalId(), producerId.getAsLong(), request.timeoutMs(), wallMs());
            ids.put(request.transactionalId(), id);
        }
        return producers.init(id, request, producerIds, answer, wallMs());
    }

    /** Adds partitions; while the last transaction's markers are written the producer waits for a while. */
    Decision<TransactionRecord> addPartitions(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> added,
            Consumer<Errors> answer,
            long nowMs) {
        TransactionMetadata id = ids.get(transactionalId);
        EndWaiters.Attempt attempt = () -> participants.add(id, producerId, producerEpoch, added, answer, wallMs());
        boolean waits = participants.waitsForEnd(id, producerId, producerEpoch)
                && waiters.park(transactionalId, nowMs, attempt, answer);
        return waits ? Decision.nothing() : attempt.decide();
    }

    Map<TopicPartition, Errors> verifyPartitions(
            String transactionalId, long producerId, short producerEpoch, Set<TopicPartition> asked) {
        return participants.verify(ids.get(transactionalId), producerId, producerEpoch, asked);
    }

    Decision<TransactionRecord> end(
            String transactionalId, long producerId, short producerEpoch, boolean commit, Consumer<Errors> answer) {
        return ends.end(ids.get(transactionalId), producerId, producerEpoch, commit, answer, wallMs());
    }

    /** Leaders answered to markers of this very shard. */
    Decision<TransactionRecord> markersAnswered(Completion completion, Map<TopicPartition, Errors> errors, long nowMs) {
        return completion.answered(errors, nowMs);
    }

    TransactionDescription describe(String transactionalId) {
        TransactionMetadata metadata = ids.get(transactionalId);
        if (metadata == null) {
            return TransactionDescription.failed(transactionalId, Errors.TRANSACTIONAL_ID_NOT_FOUND);
        }
        return new TransactionDescription(
                Errors.NONE,
                transactionalId,
                metadata.state().shownName(),
                metadata.producerId(),
                metadata.producerEpoch(),
                metadata.timeoutMs(),
                metadata.startMs(),
                Set.copyOf(metadata.partitions()));
    }

    List<ListedTransaction> list(Filter filter, long wallMs) {
        List<ListedTransaction> listed = new ArrayList<>();
        for (TransactionMetadata metadata : ids.values()) {
            boolean wanted =
                    (filter.producerIds().isEmpty() || filter.producerIds().contains(metadata.producerId()))
                            && (filter.states().isEmpty()
                                    || filter.states().contains(metadata.state().shownName()))
                            && (filter.durationMs() < 0 || wallMs - metadata.startMs() > filter.durationMs());
            if (wanted) {
                listed.add(new ListedTransaction(
                        metadata.transactionalId(),
                        metadata.producerId(),
                        metadata.state().shownName()));
            }
        }
        return listed;
    }
}
