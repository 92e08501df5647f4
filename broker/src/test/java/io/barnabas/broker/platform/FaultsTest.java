// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.coordination.store.error.SessionLostException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private final AtomicInteger stops = new AtomicInteger();
    private final Faults faults = new Faults(stops::incrementAndGet);
    private final LoudScheduler scheduler = new LoudScheduler(1, Executors.defaultThreadFactory(), faults);

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
    }

    @Test
    void aBugOnASchedulersThreadStopsTheBroker() {
        scheduler.execute(() -> {
            throw new IllegalStateException("a bug");
        });

        await().atMost(Duration.ofSeconds(60)).untilAtomic(stops, org.hamcrest.Matchers.is(1));
    }

    @Test
    void aBugInAPeriodicTaskStopsTheBroker() {
        scheduler.scheduleWithFixedDelay(
                () -> {
                    throw new IllegalStateException("a bug");
                },
                0,
                1,
                TimeUnit.MILLISECONDS);

        await().atMost(Duration.ofSeconds(60)).untilAtomic(stops, org.hamcrest.Matchers.is(1));
    }

    @Test
    void periodicTasksThatGoOnAreNoFaults() {
        AtomicInteger runs = new AtomicInteger();
        scheduler.scheduleWithFixedDelay(runs::incrementAndGet, 0, 1, TimeUnit.MILLISECONDS);

        await().atMost(Duration.ofSeconds(60)).until(() -> runs.get() > 3);
        assertThat(stops).hasValue(0);
    }

    @Test
    void failuresOfDisksPeersAndTheStoreDoNotStopIt() {
        faults.accept(new KafkaStorageException("the disk"));
        faults.accept(new SessionLostException("the session"));
        faults.accept(new RejectedExecutionException("stopping"));

        assertThat(stops).hasValue(0);
    }

    @Test
    void anErrorOfTheMachineStopsIt() {
        faults.uncaughtException(Thread.currentThread(), new StackOverflowError());

        assertThat(stops).hasValue(1);
    }
}
