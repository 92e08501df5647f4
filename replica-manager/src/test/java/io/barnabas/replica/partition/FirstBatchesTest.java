// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.replica.log.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirstBatchesTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition OTHERS = new TopicPartition("orders", 1);

    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final List<Runnable> alarms = new ArrayList<>();

    /** Rings when told to. */
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(0) {
        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            alarms.add(command);
            return super.schedule(() -> {}, 0, unit);
        }
    };

    private final FirstBatches firstBatches =
            new FirstBatches(new TimeoutBuckets(scheduler, Runnable::run, nowMs::get));

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    private static RecordBatch batch(long producerId, int epoch, int sequence) {
        return Batches.idempotent(producerId, epoch, sequence, 1, 1_000L).firstBatch();
    }

    private void check(TopicPartition partition, RecordBatch batch) {
        firstBatches.check(partition, batch, id -> false);
    }

    @Test
    void onlyWhatComesBehindTheMissingOneIsOutOfOrder() {
        firstBatches.refused(ORDERS, batch(7, 1, 0));

        assertThatThrownBy(() -> check(ORDERS, batch(7, 1, 5)))
                .isInstanceOf(OutOfOrderSequenceException.class)
                .hasMessageContaining("producer 7 in partition orders-0: 5");
        check(ORDERS, batch(7, 1, 0));
        check(ORDERS, batch(7, 2, 5));
        check(ORDERS, batch(8, 1, 5));
        check(OTHERS, batch(7, 1, 5));
        firstBatches.check(ORDERS, batch(7, 1, 5), id -> id == 7);
    }

    @Test
    void onlyFirstBatchesAreMissed() {
        firstBatches.refused(ORDERS, batch(7, 1, 5));
        assertThat(firstBatches.isMissingAny(ORDERS)).isFalse();
    }

    @Test
    void isNoMoreMissingOnceItWasTaken() {
        firstBatches.refused(ORDERS, batch(7, 1, 0));
        firstBatches.refused(ORDERS, batch(7, 1, 0));
        firstBatches.taken(ORDERS, batch(7, 1, 5));
        assertThat(firstBatches.isMissingAny(ORDERS)).isTrue();

        firstBatches.taken(ORDERS, batch(7, 1, 0));

        assertThat(firstBatches.isMissingAny(ORDERS)).isFalse();
        check(ORDERS, batch(7, 1, 5));
    }

    @Test
    void isForgottenInTime() {
        firstBatches.refused(ORDERS, batch(7, 1, 0));
        nowMs.addAndGet(FirstBatches.REMEMBERED_MS / 2);
        firstBatches.refused(ORDERS, batch(7, 1, 0)); // again
        nowMs.addAndGet(FirstBatches.REMEMBERED_MS - 1);
        ring();
        assertThat(firstBatches.isMissingAny(ORDERS)).isTrue();

        nowMs.addAndGet(TimeoutBuckets.COARSE_MS);
        ring();
        assertThat(firstBatches.isMissingAny(ORDERS)).isFalse();
    }

    private void ring() {
        List<Runnable> due = List.copyOf(alarms);
        alarms.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void isForgottenWhenAnotherBrokerLeadsAndWhenTheReplicaIsStopped() {
        firstBatches.refused(ORDERS, batch(7, 1, 0));
        firstBatches.onLeader(ORDERS, 3);
        assertThat(firstBatches.isMissingAny(ORDERS)).isTrue();
        firstBatches.onFollower(ORDERS, 4);
        assertThat(firstBatches.isMissingAny(ORDERS)).isFalse();

        firstBatches.refused(ORDERS, batch(7, 1, 0));
        firstBatches.onStopped(ORDERS, OptionalInt.empty());
        assertThat(firstBatches.isMissingAny(ORDERS)).isFalse();
    }

    @Test
    void remembersNoMoreThanItsBound() {
        for (int producerId = 0; producerId <= FirstBatches.MOST; producerId++) {
            firstBatches.refused(ORDERS, producerId, (short) 0, 0);
        }
        assertThatThrownBy(() -> check(ORDERS, batch(FirstBatches.MOST - 1, 0, 5)))
                .isInstanceOf(OutOfOrderSequenceException.class);
        check(ORDERS, batch(FirstBatches.MOST, 0, 5));

        nowMs.addAndGet(FirstBatches.REMEMBERED_MS / 2);
        firstBatches.refused(ORDERS, batch(7, 0, 0)); // again
        nowMs.addAndGet(FirstBatches.REMEMBERED_MS - 1);
        ring();
        assertThatThrownBy(() -> check(ORDERS, batch(7, 0, 5))).isInstanceOf(OutOfOrderSequenceException.class);
        check(ORDERS, batch(8, 0, 5));
    }
}
