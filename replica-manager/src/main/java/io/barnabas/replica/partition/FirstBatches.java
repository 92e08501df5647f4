// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producers whose first batch for a partition was refused here, so that it has to come again: this broker did not lead yet,
 * or the ISR was too small. Thread-safe.
 *
 * <p>A log takes any first sequence of a producer it does not know, for what it knew may have been deleted (KIP-360). So the
 * batch behind the refused one, under way since before the refusal, may be taken; from then on the first one is out of
 * order for ever, and its producer repeats it until {@code delivery.timeout.ms} is over and its records are lost
 * (KAFKA-14359, KAFKA-15591). Therefore what comes behind a first batch that is missing is out of order, and producers send
 * what is out of order again, in order.
 *
 * <p>Remembered for {@link #REMEMBERED_MS}, which is longer than anything stays under way, and for {@link #MOST} producers
 * at most; beyond that all is as in Kafka. All batches given are of producers that count them.
 */
final class FirstBatches {
    static final int REMEMBERED_MS = 30_000;
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(FirstBatches.class);

    private final Map<Producer, Missing> missing = new ConcurrentHashMap<>();
    private final TimeoutBuckets timeouts;

    FirstBatches(TimeoutBuckets timeouts) {
        this.timeouts = timeouts;
    }

    private record Producer(TopicPartition partition, long id, short epoch) {
        static Producer of(TopicPartition partition, RecordBatch batch) {
            return new Producer(partition, batch.producerId(), batch.producerEpoch());
        }
    }

    /** Forgets itself in time. */
    private final class Missing extends TimeoutBuckets.Entry {
        private final Producer producer;

        Missing(Producer producer) {
            this.producer = producer;
        }

        @Override
        void timedOut() {
            missing.remove(producer, this);
        }
    }

    /** A producer's batch was refused, and will be sent again. */
    void refused(TopicPartition partition, RecordBatch batch) {
        refused(partition, batch.producerId(), batch.producerEpoch(), batch.baseSequence());
    }

    /** The same, of a batch that has not come so far as to be looked at. */
    void refused(TopicPartition partition, long producerId, short producerEpoch, int sequence) {
        if (sequence != 0 || missing.size() >= MOST) {
            return;
        }
        Missing now = new Missing(new Producer(partition, producerId, producerEpoch));
        Missing before = missing.put(now.producer, now);
        if (before != null) {
            before.cancelTimeout();
        }
        timeouts.add(now, REMEMBERED_MS);
    }

    /** Whether none is missing, as nearly always. */
    boolean isEmpty() {
        return missing.isEmpty();
    }

    /**
     * Refuses what comes behind a first batch that is missing.
     *
     * @param known whether the partition's log knows a producer; then it judges itself
     * @throws OutOfOrderSequenceException the producer is to begin with its first batch
     */
    void check(TopicPartition partition, RecordBatch batch, LongPredicate known) {
        if (batch.baseSequence() > 0
                && missing.containsKey(Producer.of(partition, batch))
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
            Missing before = missing.remove(Producer.of(partition, batch));
            if (before != null) {
                before.cancelTimeout();
            }
        }
    }
}
