// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.TimerQueue;
import io.barnabas.coordinator.transaction.TransactionMarkers.Marker;
import java.util.LinkedHashSet;
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
final class CompletionDecider {
    /** How long a partition must be unknown to the cluster before it counts as deleted: this broker's picture may lag. */
    static final long DELETED_AFTER_MS = 1_000;

    static final long FIRST_BACKOFF_MS = 20;
    static final long LONGEST_BACKOFF_MS = 500;
    private static final long FIRST_REPORT_MS = 5_000;

    private final TransactionContext context;
    private final IntSupplier leaderEpoch;
    private final EndWaiters waiters;
    private final Sender sender;

    /** Gives a marker to whoever writes it, and the answers back to {@link Completion#answered}. */
    @FunctionalInterface
    interface Sender {
        void send(Marker marker, Completion completion);
    }

    CompletionDecider(TransactionContext context, IntSupplier leaderEpoch, EndWaiters waiters, Sender sender) {
        this.context = context;
        this.leaderEpoch = leaderEpoch;
        this.waiters = waiters;
        this.sender = sender;
    }

    /** The decision is committed: carry it out. */
    void begin(TransactionMetadata metadata, long nowMs, Outbox outbox) {
        boolean commit = metadata.state() == TransactionState.PREPARE_COMMIT;
        Completion completion = new Completion(metadata, metadata.prepareComplete(context.wallMs()), commit, nowMs);
        completion.send(metadata.partitions(), outbox);
    }

    /** One transaction being ended. Owned by the shard's loop. */
    final class Completion {
        private final TransactionMetadata metadata;
        private final Transition transition;
        private final boolean commit;
        private final long beganMs;
        private final Set<TopicPartition> again = new LinkedHashSet<>();
        private final TimerQueue.Timer retry = context.timers().timer(this::tryAgain);
        private long backoffMs = FIRST_BACKOFF_MS;
        private long reportAfterMs = FIRST_REPORT_MS;
        private boolean writing;

        private Completion(TransactionMetadata metadata, Transition transition, boolean commit, long nowMs) {
            this.metadata = metadata;
            this.transition = transition;
            this.commit = commit;
            this.beganMs = nowMs;
        }

        private void send(Set<TopicPartition> partitions, Outbox outbox) {
            if (metadata.partitions().isEmpty()) {
                write(outbox);
                return;
            }
            Marker marker = new Marker(
                    metadata.transactionalId(),
                    metadata.producerId(),
                    metadata.producerEpoch(),
                    leaderEpoch.getAsInt(),
                    commit,
                    Set.copyOf(partitions));
            Consumer<Marker> sending = ready -> sender.send(ready, this);
            outbox.answer(sending, marker);
        }

        /** The leaders of some partitions answered. */
        void answered(Map<TopicPartition, Errors> errors, long nowMs, Outbox outbox) {
            if (writing) {
                return;
            }
            errors.forEach((partition, error) -> {
                if (isSettled(partition, error, nowMs)) {
                    metadata.removePartition(partition);
                } else {
                    again.add(partition);
                    report(partition, error, nowMs);
                }
            });
            if (metadata.partitions().isEmpty()) {
                write(outbox);
            } else if (!again.isEmpty() && !retry.isSet()) {
                backOff(nowMs);
            }
        }

        private boolean isSettled(TopicPartition partition, Errors error, long nowMs) {
            return switch (error) {
                // a partition of the old record format was never written by a transactional producer
                case NONE, UNSUPPORTED_FOR_MESSAGE_FORMAT, UNSUPPORTED_VERSION -> true;
                case INVALID_PRODUCER_EPOCH -> {
                    DecisionEvent.of("transaction-marker-dropped")
                            .with("transactionalId", metadata.transactionalId())
                            .with("producerId", metadata.producerId())
                            .with("epoch", metadata.producerEpoch())
                            .with("partition", partition)
                            .because("the partition already knows a later epoch of the producer");
                    yield true;
                }
                default -> error == TransactionMarkers.UNKNOWN_IN_CLUSTER && nowMs - beganMs >= DELETED_AFTER_MS;
            };
        }

        /** One line, and later fewer and fewer, for a transaction that cannot proceed. */
        private void report(TopicPartition partition, Errors error, long nowMs) {
            long waitedMs = nowMs - beganMs;
            if (waitedMs < reportAfterMs && error != Errors.TRANSACTION_COORDINATOR_FENCED) {
                return;
            }
            reportAfterMs = 2 * Math.max(waitedMs, reportAfterMs);
            DecisionEvent.of("transaction-end-waits")
                    .with("transactionalId", metadata.transactionalId())
                    .with("producerId", metadata.producerId())
                    .with("epoch", metadata.producerEpoch())
                    .with("state", metadata.state().shownName())
                    .with("partition", partition)
                    .with("markersMissing", metadata.partitions().size())
                    .with("waitedMs", waitedMs)
                    .because("the partition's leader did not take the marker: " + error);
        }

        private void backOff(long nowMs) {
            retry.set(nowMs + backoffMs);
            backoffMs = Math.min(LONGEST_BACKOFF_MS, 2 * backoffMs);
        }

        private void tryAgain(long nowMs, Outbox outbox) {
            Set<TopicPartition> partitions = Set.copyOf(again);
            again.clear();
            send(partitions, outbox);
        }

        private void write(Outbox outbox) {
            writing = true;
            new TransitionWrite(metadata, transition, error -> {}) {
                @Override
                void held(long nowMs, Outbox then) {
                    waiters.release(metadata.transactionalId(), then);
                }

                @Override
                void lost(Errors error, long nowMs, Outbox then) {
                    // the markers are written and nothing else may happen before the record is
                    backOff(nowMs);
                }
            }.begin(outbox);
        }
    }
}
