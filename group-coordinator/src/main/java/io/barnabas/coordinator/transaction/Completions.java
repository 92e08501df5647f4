// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.Continuation;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RecordAppend;
import io.barnabas.coordinator.runtime.TimerQueue;
import io.barnabas.coordinator.transaction.TransactionMarkers.Marker;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Carries out what was decided: a marker on every partition, then the record that says so. Each step is repeated until
 * it succeeded or this broker coordinates no more; who loads the partition next begins anew, which does no harm.
 */
final class Completions {
    /** How long a partition must be unknown before it counts as deleted: this broker's image may be behind. */
    static final long DELETED_AFTER_MS = 1_000;

    static final long FIRST_BACKOFF_MS = 20;
    static final long LONGEST_BACKOFF_MS = 500;
    private static final long FIRST_REPORT_MS = 5_000;

    private final TimerQueue<TransactionRecord> timers;
    private final IntSupplier leaderEpoch;
    private final Sender sender;

    /** Gives a marker to whoever writes it, and the answers back to {@link Completion#answered}. */
    @FunctionalInterface
    interface Sender {
        void send(Marker marker, Completion completion);
    }

    Completions(TimerQueue<TransactionRecord> timers, IntSupplier leaderEpoch, Sender sender) {
        this.timers = timers;
        this.leaderEpoch = leaderEpoch;
        this.sender = sender;
    }

    /** The decision is committed: carry it out. */
    Decision<TransactionRecord> begin(TransactionMetadata id, long nowMs, long wallMs) {
        Completion completion = new Completion(id, Transitions.complete(id, wallMs), nowMs);
        Decision<TransactionRecord> decision = new Decision<>();
        completion.send(id.partitions(), decision);
        return decision;
    }

    /** One transaction being ended: soft state, which a successor makes anew. Owned by the shard's loop. */
    final class Completion implements Continuation<TransactionRecord> {
        private final TransactionMetadata id;
        private final TransactionRecord end;
        private final boolean commit;
        private final long beganMs;
        private final Set<TopicPartition> again = new LinkedHashSet<>();
        private final TimerQueue<TransactionRecord>.Timer retry = timers.timer(this::tryAgain);
        private long backoffMs = FIRST_BACKOFF_MS;
        private long reportAfterMs = FIRST_REPORT_MS;
        private boolean writing;

        private Completion(TransactionMetadata id, TransactionRecord end, long nowMs) {
            this.id = id;
            this.end = end;
            this.commit = end.stored().state() == TransactionState.COMPLETE_COMMIT;
            this.beganMs = nowMs;
        }

        private void send(Set<TopicPartition> partitions, Decision<TransactionRecord> decision) {
            if (id.partitions().isEmpty()) {
                writing = true;
                decision.append(new RecordAppend<>(List.of(end), this));
                return;
            }
            Marker marker = new Marker(
                    id.transactionalId(),
                    id.producerId(),
                    id.producerEpoch(),
                    leaderEpoch.getAsInt(),
                    commit,
                    Set.copyOf(partitions));
            Consumer<Marker> sending = ready -> sender.send(ready, this);
            decision.answer(sending, marker);
        }

        /** The leaders of some partitions answered. */
        Decision<TransactionRecord> answered(Map<TopicPartition, Errors> errors, long nowMs) {
            Decision<TransactionRecord> decision = new Decision<>();
            if (writing) {
                return decision;
            }
            errors.forEach((partition, error) -> {
                if (isSettled(partition, error, nowMs, decision)) {
                    id.markerWritten(partition);
                } else {
                    again.add(partition);
                    report(partition, error, nowMs, decision);
                }
            });
            if (id.partitions().isEmpty()) {
                send(Set.of(), decision);
            } else if (!again.isEmpty() && !retry.isSet()) {
                backOff(nowMs);
            }
            return decision;
        }

        private boolean isSettled(
                TopicPartition partition, Errors error, long nowMs, Decision<TransactionRecord> decision) {
            return switch (error) {
                // a partition of the old record format was never written by a transactional producer
                case NONE, UNSUPPORTED_FOR_MESSAGE_FORMAT, UNSUPPORTED_VERSION -> true;
                case INVALID_PRODUCER_EPOCH -> {
                    decision.event(new TransactionEvents.TransactionMarkerDropped(
                            id.transactionalId(),
                            id.producerId(),
                            id.producerEpoch(),
                            partition,
                            "the partition already knows a later epoch of the producer"));
                    yield true;
                }
                default -> error == TransactionMarkers.UNKNOWN_IN_CLUSTER && nowMs - beganMs >= DELETED_AFTER_MS;
            };
        }

        /** One line, and later fewer and fewer, for a transaction that cannot proceed. */
        private void report(TopicPartition partition, Errors error, long nowMs, Decision<TransactionRecord> decision) {
            long waitedMs = nowMs - beganMs;
            if (waitedMs < reportAfterMs && error != Errors.TRANSACTION_COORDINATOR_FENCED) {
                return;
            }
            reportAfterMs = 2 * Math.max(waitedMs, reportAfterMs);
            decision.event(new TransactionEvents.TransactionEndWaits(
                    id.transactionalId(),
                    id.producerId(),
                    id.producerEpoch(),
                    id.state().shownName(),
                    partition,
                    id.partitions().size(),
                    waitedMs,
                    "the partition's leader did not take the marker: " + error));
        }

        private void backOff(long nowMs) {
            retry.set(nowMs + backoffMs);
            backoffMs = Math.min(LONGEST_BACKOFF_MS, 2 * backoffMs);
        }

        private void tryAgain(long nowMs, Decision<TransactionRecord> decision) {
            Set<TopicPartition> partitions = Set.copyOf(again);
            again.clear();
            send(partitions, decision);
        }

        @Override
        public Decision<TransactionRecord> committed(Errors error, long nowMs) {
            return Decision.nothing();
        }

        /** The markers are written, and nothing else may happen before the record is. */
        @Override
        public Decision<TransactionRecord> failed(Errors error, long nowMs) {
            backOff(nowMs);
            return Decision.nothing();
        }

        @Override
        public Decision<TransactionRecord> overdue(long nowMs) {
            return Decision.nothing();
        }
    }
}
