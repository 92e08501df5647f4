// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.barnabas.replica.log.Batches;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirstBatchesTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition OTHERS = new TopicPartition("orders", 1);

    /** A thousand times as fast as time. */
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return super.schedule(command, unit.toMillis(delay), TimeUnit.MICROSECONDS);
        }
    };

    private final FirstBatches firstBatches = new FirstBatches(
            new TimeoutBuckets(scheduler, Runnable::run, () -> TimeUnit.NANOSECONDS.toMicros(System.nanoTime())));

    private final FirstBatches unhurried = new FirstBatches(new TimeoutBuckets(
            new ScheduledThreadPoolExecutor(0), Runnable::run, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    private static RecordBatch batch(long producerId, int epoch, int sequence) {
        return Batches.idempotent(producerId, epoch, sequence, 1, 1_000L).firstBatch();
    }

    private void check(TopicPartition partition, RecordBatch batch) {
        unhurried.check(partition, batch, id -> false);
    }

    @Test
    void onlyWhatComesBehindTheMissingOneIsOutOfOrder() {
        unhurried.refused(ORDERS, batch(7, 1, 0));

        assertThatThrownBy(() -> check(ORDERS, batch(7, 1, 5)))
                .isInstanceOf(OutOfOrderSequenceException.class)
                .hasMessageContaining("producer 7 in partition orders-0: 5");
        check(ORDERS, batch(7, 1, 0));
        check(ORDERS, batch(7, 2, 5));
        check(ORDERS, batch(8, 1, 5));
        check(OTHERS, batch(7, 1, 5));
        unhurried.check(ORDERS, batch(7, 1, 5), id -> id == 7);
    }

    @Test
    void onlyFirstBatchesAreMissed() {
        unhurried.refused(ORDERS, batch(7, 1, 5));
        assertThat(unhurried.isEmpty()).isTrue();
    }

    @Test
    void isNoMoreMissingOnceItWasTaken() {
        unhurried.refused(ORDERS, batch(7, 1, 0));
        unhurried.refused(ORDERS, batch(7, 1, 0));
        unhurried.taken(ORDERS, batch(7, 1, 5));
        assertThat(unhurried.isEmpty()).isFalse();

        unhurried.taken(ORDERS, batch(7, 1, 0));

        assertThat(unhurried.isEmpty()).isTrue();
        check(ORDERS, batch(7, 1, 5));
    }

    @Test
    void isForgottenInTime() {
        firstBatches.refused(ORDERS, batch(7, 1, 0));
        assertThat(firstBatches.isEmpty()).isFalse();
        await().atMost(Duration.ofSeconds(60)).until(firstBatches::isEmpty);
    }

    @Test
    void remembersNoMoreThanItsBound() {
        for (int producerId = 0; producerId <= FirstBatches.MOST; producerId++) {
            unhurried.refused(ORDERS, producerId, (short) 0, 0);
        }
        assertThatThrownBy(() -> check(ORDERS, batch(FirstBatches.MOST - 1, 0, 5)))
                .isInstanceOf(OutOfOrderSequenceException.class);
        check(ORDERS, batch(FirstBatches.MOST, 0, 5));
    }
}
