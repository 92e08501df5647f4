// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.runtime.CoordinatorShard;
import io.barnabas.coordinator.runtime.LoadedRecord;
import io.barnabas.coordinator.runtime.Outbox;
import io.barnabas.coordinator.runtime.TimerQueue;
import io.barnabas.coordinator.transaction.CompletionDecider.Completion;
import io.barnabas.coordinator.transaction.TransactionListing.Filter;
import io.barnabas.coordinator.transaction.TransactionListing.ListedTransaction;
import io.barnabas.coordinator.transaction.TransactionMarkers.Marker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transactional ids of one partition of {@code __transaction_state}. Owned by that partition's loop. */
final class TransactionShard implements CoordinatorShard {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionShard.class);

    private final Map<String, TransactionMetadata> ids = new LinkedHashMap<>();
    private final TimerQueue timers = new TimerQueue();
    private final EndWaiters waiters = new EndWaiters(timers);
    private final ProducerDecider producers;
    private final PartitionDecider partitions;
    private final EndDecider ends;
    private final CompletionDecider completions;
    private final CleanupDecider cleanup;
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
        TransactionContext context = new TransactionContext(config, timers, wallClock, producerIds);
        completions = new CompletionDecider(
                context, () -> leaderEpoch, waiters, (marker, completion) -> sender.send(marker, this, completion));
        ends = new EndDecider(context, completions);
        cleanup = new CleanupDecider(context, ids, ends);
        producers = new ProducerDecider(context, ends);
        partitions = new PartitionDecider(context, cleanup, waiters);
    }

    // --- loading and unloading

    @Override
    public void onLeaderEpoch(int epoch) {
        leaderEpoch = epoch;
    }

    @Override
    public void replay(LoadedRecord record) {
        Optional<String> id = TransactionRecordCodec.readKey(record.key());
        if (id.isEmpty()) {
            LOG.warn("Skipping a record at offset {} with a key of an unknown kind", record.offset());
        } else if (record.value() == null) {
            ids.remove(id.get());
        } else {
            Transition stored = TransactionRecordCodec.readValue(record.value());
            ids.put(id.get(), TransactionMetadata.restored(id.get(), stored));
        }
    }

    @Override
    public void replayEndTransaction(long producerId, boolean committed) {
        // Nothing in this topic is written in a transaction.
    }

    @Override
    public void loaded(long nowMs, Outbox outbox) {
        for (TransactionMetadata metadata : ids.values()) {
            if (metadata.state().isPrepared()) {
                completions.begin(metadata, nowMs, outbox);
            }
        }
        cleanup.begin(nowMs);
    }

    @Override
    public void unloaded(Errors error, Outbox outbox) {
        // Whoever waited was told when the appends failed; the next leader carries on from the log.
        waiters.refuseAll(error, outbox);
        ids.clear();
    }

    @Override
    public void tick(long nowMs, Outbox outbox) {
        timers.runDue(nowMs, outbox);
    }

    @Override
    public long nextDeadlineMs() {
        return timers.nextDeadlineMs();
    }

    // --- requests

    void initProducerId(InitProducerId.Request request, Consumer<InitProducerId.Result> answer, Outbox outbox) {
        producers.init(ids, request, answer, outbox);
    }

    void addPartitions(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> added,
            Consumer<Errors> answer,
            long nowMs,
            Outbox outbox) {
        partitions.add(ids.get(transactionalId), producerId, producerEpoch, added, answer, nowMs, outbox);
    }

    Map<TopicPartition, Errors> verifyPartitions(
            String transactionalId, long producerId, short producerEpoch, Set<TopicPartition> asked) {
        return partitions.verify(ids.get(transactionalId), producerId, producerEpoch, asked);
    }

    void end(
            String transactionalId,
            long producerId,
            short producerEpoch,
            boolean commit,
            Consumer<Errors> answer,
            Outbox outbox) {
        ends.end(ids.get(transactionalId), producerId, producerEpoch, commit, answer, outbox);
    }

    /** Leaders answered to markers of this very shard. */
    void markersAnswered(Completion completion, Map<TopicPartition, Errors> errors, long nowMs, Outbox outbox) {
        completion.answered(errors, nowMs, outbox);
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
