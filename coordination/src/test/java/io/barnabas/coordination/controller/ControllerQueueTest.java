// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.controller.Controller.Listed;
import io.barnabas.coordination.controller.loop.ControllerLoop;
import io.barnabas.coordination.event.EventSink;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllerQueueTest {
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch busy = new CountDownLatch(1);
    private final ControllerConfig config = ControllerConfig.defaults(1);
    private final ControllerLoop loop = new ControllerLoop(
            config,
            null,
            new ControllerPorts(null, null, new Random(1), null, executor, EventSink.NONE, new KnownController()));

    @AfterEach
    void stop() {
        busy.countDown();
        executor.shutdownNow();
    }

    @Test
    void turnsRequestsAwayAtOnceWhenTooManyWaitAndTakesThemAgainLater() throws Exception {
        executor.execute(this::beBusy);
        List<CompletableFuture<Listed>> waiting = IntStream.range(0, config.maxWaitingRequests())
                .mapToObj(i -> loop.listReassignments(Optional.empty()))
                .toList();

        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        assertThat(loop.listReassignments(Optional.empty()))
                .isCompletedWithValueMatching(listed -> listed.refusal().error() == Errors.NOT_CONTROLLER);
        assertThat(loop.deleteTopics(Set.of("t")).get("t"))
                .isCompletedWithValueMatching(refusal -> refusal.error() == Errors.NOT_CONTROLLER);

        busy.countDown();
        waiting.get(waiting.size() - 1).get(30, TimeUnit.SECONDS);
        CountDownLatch again = new CountDownLatch(1);
        executor.execute(() -> await(again));
        assertThat(loop.listReassignments(Optional.empty())).isNotDone();
        again.countDown();
    }

    private void beBusy() {
        await(busy);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
