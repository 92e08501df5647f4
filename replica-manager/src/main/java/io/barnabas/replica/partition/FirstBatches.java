// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.LeadershipListener;
import io.barnabas.replica.log.PartitionLog;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producers whose first batch for a partition was refused here, so that it has to come again: this broker did not lead yet,
 * or the ISR was too small, or the batch is to be split. Thread-safe.
 *
 * <p>A log takes any first sequence of a producer it does not know, for what it knew may have been deleted (KIP-360). So the
 * batch behind the refused one, under way since before the refusal, may be taken; from then on the first one is out of
 * order for ever, and its producer repeats it until {@code delivery.timeout.ms} is over and its records are lost
 * (KAFKA-14359, KAFKA-15591). Therefore what comes behind a first batch that is missing is out of order, after which the Java
 * client sends all again in order, and librdkafka with a new epoch.
 *
 * <p>Remembered for {@link #REMEMBERED_MS}, which is as long as a request may take by default, and for {@link #MOST} producers
 * at most; beyond that all is as in Kafka.
 */
final class FirstBatches implements LeadershipListener {
    static final int REMEMBERED_MS = 30_000;
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(FirstBatches.class);

    private final Map<TopicPartition, Map<Producer, Missing>> missing = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final TimeoutBuckets timeouts;

    FirstBatches(TimeoutBuckets timeouts) {
        this.timeouts = timeouts;
    }

    private record Producer(long id, short epoch) {
        static Producer of(RecordBatch batch) {
            return new Producer(batch.producerId(), batch.producerEpoch());
        }
    }

    /** Forgets itself in time. */
    private final class Missing extends TimeoutBuckets.Entry {
        private final TopicPartition partition;
        private final Producer producer;

        Missing(TopicPartition partition, Producer producer) {
            this.partition = partition;
            this.producer = producer;
        }

        @Override
        void timedOut() {
            forget(this);
        }
    }

    /**
     * What looks, as the last before an append, whether it is the batch's turn, and throws
     * {@link OutOfOrderSequenceException} if not; null if it is for sure.
     */
    Consumer<PartitionLog> order(TopicPartition partition, MemoryRecords records) {
        return isMissingAny(partition)
                ? log -> withProducer(records)
                        .ifPresent(batch -> check(
                                partition, batch, id -> log.activeProducer(id).isPresent()))
                : null;
    }

    /** Notes how an append ended. */
    void answered(TopicPartition partition, MemoryRecords records, Errors error) {
        if (error == Errors.NONE) {
            if (isMissingAny(partition)) {
                withProducer(records).ifPresent(batch -> taken(partition, batch));
            }
        } else if (error.exception() instanceof RetriableException) {
            withProducer(records).ifPresent(batch -> refused(partition, batch));
        } else if (error == Errors.MESSAGE_TOO_LARGE) {
            withProducer(records).filter(FirstBatches::isToBeSplit).ifPresent(batch -> refused(partition, batch));
        }
    }

    /** A producer sends a batch that is too large again, as two. */
    private static boolean isToBeSplit(RecordBatch batch) {
        return batch.lastOffset() > batch.baseOffset();
    }

    /** A client's batch, which is the only one for its partition, if its producer counts them. */
    private static Optional<RecordBatch> withProducer(MemoryRecords records) {
        try {
            RecordBatch first = records.firstBatch();
            return Optional.ofNullable(first)
                    .filter(batch -> batch.sizeInBytes() >= DefaultRecordBatch.RECORD_BATCH_OVERHEAD)
                    .filter(RecordBatch::hasProducerId);
        } catch (CorruptRecordException e) {
            return Optional.empty();
        }
    }

    /** A producer's batch was refused, and will be sent again. */
    void refused(TopicPartition partition, RecordBatch batch) {
        refused(partition, batch.producerId(), batch.producerEpoch(), batch.baseSequence());
    }

    /** The same, of a batch that has not come so far as to be looked at. */
    void refused(TopicPartition partition, long producerId, short producerEpoch, int sequence) {
        Producer producer = new Producer(producerId, producerEpoch);
        if (sequence != 0 || (size.get() >= MOST && find(partition, producer) == null)) {
            return;
        }
        Missing now = new Missing(partition, producer);
        missing.compute(partition, (name, known) -> {
            Map<Producer, Missing> producers = known == null ? new ConcurrentHashMap<>() : known;
            Missing before = producers.put(now.producer, now);
            if (before == null) {
                size.incrementAndGet();
            } else {
                before.cancelTimeout();
            }
            return producers;
        });
        timeouts.add(now, REMEMBERED_MS);
    }

    /** Whether any of the partition is missing, as hardly ever. */
    boolean isMissingAny(TopicPartition partition) {
        return !missing.isEmpty() && missing.containsKey(partition);
    }

    /**
     * Refuses what comes behind a first batch that is missing.
     *
     * @param known whether the partition's log knows a producer; then it judges itself
     * @throws OutOfOrderSequenceException the producer is to begin with its first batch
     */
    void check(TopicPartition partition, RecordBatch batch, LongPredicate known) {
        if (batch.baseSequence() > 0
                && find(partition, Producer.of(batch)) != null
                && !known.test(batch.producerId())) {
            LOG.info(
                    "Producer {} sent sequence {} to {} behind its first batch, which was refused: told to begin with that one",
                    batch.producerId(),
                    batch.baseSequence(),
                    partition);
            throw new OutOfOrderSequenceException("Out of order sequence number for producer " + batch.producerId()
                    + " in partition " + partition + ": " + batch.baseSequence()
                    + " (incoming seq. number), 0 (refused before)");
        }
    }

    /** A batch was taken. */
    void taken(TopicPartition partition, RecordBatch batch) {
        if (batch.baseSequence() == 0) {
            Missing before = find(partition, Producer.of(batch));
            if (before != null) {
                before.cancelTimeout();
                forget(before);
            }
        }
    }

    private Missing find(TopicPartition partition, Producer producer) {
        return missing.getOrDefault(partition, Map.of()).get(producer);
    }

    @Override
    public void onLeader(TopicPartition partition, int leaderEpoch) {}

    /** Its producers turn to another broker. */
    @Override
    public void onFollower(TopicPartition partition, int leaderEpoch) {
        forget(partition);
    }

    @Override
    public void onStopped(TopicPartition partition, OptionalInt leaderEpoch) {
        forget(partition);
    }

    private void forget(Missing batch) {
        missing.computeIfPresent(batch.partition, (name, producers) -> {
            if (producers.remove(batch.producer, batch)) {
                size.decrementAndGet();
            }
            return producers.isEmpty() ? null : producers;
        });
    }

    private void forget(TopicPartition partition) {
        Map<Producer, Missing> producers = missing.remove(partition);
        if (producers != null) {
            producers.values().forEach(TimeoutBuckets.Entry::cancelTimeout);
            size.addAndGet(-producers.size());
        }
    }
}
