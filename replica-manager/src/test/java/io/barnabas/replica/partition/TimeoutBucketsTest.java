// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeoutBucketsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final TimeoutBuckets buckets =
            new TimeoutBuckets(scheduler, Runnable::run, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));

    private static final class Waiting extends TimeoutBuckets.Entry {
        private final AtomicInteger times = new AtomicInteger();

        @Override
        void timedOut() {
            times.incrementAndGet();
        }
    }

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    @Test
    void whatWaitsTimesOutOnceAndNotEarly() {
        Waiting waiting = new Waiting();
        long startNanos = System.nanoTime();

        buckets.add(waiting, 50);
        await().atMost(PATIENCE).until(() -> waiting.times.get() > 0);
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);

        assertThat(tookMs).isGreaterThanOrEqualTo(49);
        assertThat(waiting.times).hasValue(1);
        assertThat(buckets.size()).isZero();
    }

    @Test
    void anEarlierDeadlineAddedLaterIsMetFirst() {
        Waiting late = new Waiting();
        Waiting early = new Waiting();

        buckets.add(late, 60_000);
        buckets.add(early, 20);
        await().atMost(PATIENCE).until(() -> early.times.get() > 0);

        assertThat(late.times).hasValue(0);
        assertThat(buckets.size()).isEqualTo(1);
    }

    @Test
    void whatWasAnsweredInTimeLeavesNothingBehind() {
        for (int i = 0; i < 1_000; i++) {
            Waiting waiting = new Waiting();
            buckets.add(waiting, 30_000L + i * 100L);
            waiting.cancelTimeout();
        }

        assertThat(buckets.size()).isZero();
        assertThat(scheduler.getQueue()).as("one alarm serves all").hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void laterDeadlinesAreStillMetAfterAnEarlierOneWasForgotten() {
        Waiting forgotten = new Waiting();
        Waiting kept = new Waiting();
        buckets.add(forgotten, 20);
        buckets.add(kept, 60);

        forgotten.cancelTimeout();
        await().atMost(PATIENCE).until(() -> kept.times.get() > 0);

        assertThat(forgotten.times).hasValue(0);
    }

    @Test
    void manyThreadsAddingAndForgettingLoseNoDeadline() throws InterruptedException {
        scheduler.setRemoveOnCancelPolicy(true);
        List<Waiting> kept = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                List<Waiting> mine = new ArrayList<>();
                for (int i = 0; i < 2_000; i++) {
                    Waiting waiting = new Waiting();
                    buckets.add(waiting, i % 40);
                    if (i % 3 == 0) {
                        mine.add(waiting);
                    } else {
                        waiting.cancelTimeout();
                    }
                }
                synchronized (kept) {
                    kept.addAll(mine);
                }
                start.countDown();
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        await().atMost(PATIENCE).until(() -> kept.stream().allMatch(w -> w.times.get() == 1));
        await().atMost(PATIENCE).until(() -> buckets.size() == 0);
    }
}
