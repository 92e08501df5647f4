// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.BrokerRegistry;
import io.barnabas.coordination.store.ClusterIdStore;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.error.BrokerIdTakenException;
import io.barnabas.coordination.store.error.ClusterIdMismatchException;
import io.barnabas.coordination.store.error.SessionLostException;
import io.barnabas.coordination.store.session.CoordinationSession;
import io.barnabas.coordination.store.session.SessionEvent;
import io.barnabas.coordination.store.session.SessionListener;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerPresenceTest {
    private final Queue<CompletableFuture<Long>> registrations = new ArrayDeque<>();
    private final Queue<CompletableFuture<Void>> verifications = new ArrayDeque<>();
    private final List<SessionListener> listeners = new ArrayList<>();
    private final AtomicInteger stops = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BrokerPresence presence =
            new BrokerPresence(store(), "cluster", timer, EventSink.NONE, stops::incrementAndGet);

    @AfterEach
    void shutDown() {
        timer.shutdownNow();
    }

    @Test
    void registersAgainUntilItWorksWhenTheSessionIsLostMeanwhile() {
        registrations.add(CompletableFuture.failedFuture(new SessionLostException("lost")));
        registrations.add(CompletableFuture.completedFuture(7L));

        CompletableFuture<Void> registered = presence.register(wanted());

        await().atMost(Duration.ofSeconds(60)).until(registered::isDone);
        assertThat(registered).isCompleted();
        assertThat(presence.brokerEpoch()).isEqualTo(7L);
        assertThat(stops).hasValue(0);
    }

    @Test
    void aNewSessionBringsANewEpoch() {
        registrations.add(CompletableFuture.completedFuture(7L));
        registrations.add(CompletableFuture.completedFuture(9L));
        assertThat(presence.register(wanted())).isCompleted();

        newSession();

        assertThat(presence.brokerEpoch()).isEqualTo(9L);
    }

    @Test
    void anIdThatIsTakenAtTheStartIsToldToTheStarter() {
        registrations.add(CompletableFuture.failedFuture(new BrokerIdTakenException("taken")));

        assertThat(presence.register(wanted()))
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(BrokerIdTakenException.class);
        assertThat(stops).hasValue(0);
    }

    @Test
    void anIdThatIsTakenLaterStopsTheBroker() {
        registrations.add(CompletableFuture.completedFuture(7L));
        registrations.add(CompletableFuture.failedFuture(new BrokerIdTakenException("taken")));
        assertThat(presence.register(wanted())).isCompleted();

        newSession();

        assertThat(stops).hasValue(1);
    }

    @Test
    void anotherClustersStoreStopsTheBroker() {
        registrations.add(CompletableFuture.completedFuture(7L));
        assertThat(presence.register(wanted())).isCompleted();
        verifications.add(CompletableFuture.failedFuture(new ClusterIdMismatchException("foreign")));

        newSession();

        assertThat(stops).hasValue(1);
    }

    @Test
    void whoeverLeavesDoesNotRegisterAgain() {
        registrations.add(CompletableFuture.completedFuture(7L));
        assertThat(presence.register(wanted())).isCompleted();

        presence.leave();
        newSession();

        assertThat(presence.brokerEpoch()).isEqualTo(7L);
        assertThat(stops).hasValue(0);
    }

    private void newSession() {
        listeners.forEach(listener -> listener.onSessionEvent(new SessionEvent(SessionEvent.Kind.NEW_SESSION, 2L)));
    }

    private static BrokerRegistration wanted() {
        return BrokerRegistration.of(1, List.of(), Optional.empty());
    }

    private CoordinationStore store() {
        Map<String, Object> rooms = Map.of(
                "session",
                fake(CoordinationSession.class, arguments -> {
                    listeners.add((SessionListener) arguments[0]);
                    return null;
                }),
                "brokers",
                fake(BrokerRegistry.class, arguments -> registrations.remove()),
                "clusterIds",
                fake(ClusterIdStore.class, arguments -> {
                    CompletableFuture<Void> next = verifications.poll();
                    return next == null ? CompletableFuture.completedFuture(null) : next;
                }));
        return (CoordinationStore) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {CoordinationStore.class},
                (proxy, method, arguments) -> rooms.get(method.getName()));
    }

    private static <T> T fake(Class<T> room, Function<Object[], Object> answer) {
        return room.cast(Proxy.newProxyInstance(
                room.getClassLoader(), new Class<?>[] {room}, (proxy, method, arguments) -> answer.apply(arguments)));
    }
}
