// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.error.BrokerIdTakenException;
import io.barnabas.coordination.store.error.ClusterIdMismatchException;
import io.barnabas.coordination.store.error.SessionLostException;
import io.barnabas.coordination.store.session.SessionEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's presence in the cluster: its registration, the broker epoch that came of it, and both again in every
 * new session. Verifies in each session that the store is still that of the same cluster. Thread-safe.
 */
public final class BrokerPresence {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerPresence.class);
    private static final long RETRY_MS = 1_000;

    private final CoordinationStore store;
    private final String clusterId;
    private final ScheduledExecutorService timer;
    private final EventSink events;
    private final Runnable stop;
    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private volatile BrokerRegistration registration;
    private volatile long brokerEpoch = BrokerInfo.UNKNOWN_EPOCH;
    private volatile boolean leaving;

    /**
     * @param timer waits between tries; its tasks are short
     * @param events where it is told
     * @param stop ends the process: this broker has no place in the cluster any more
     */
    public BrokerPresence(
            CoordinationStore store,
            String clusterId,
            ScheduledExecutorService timer,
            EventSink events,
            Runnable stop) {
        this.store = store;
        this.clusterId = clusterId;
        this.timer = timer;
        this.events = events;
        this.stop = stop;
    }

    /** The czxid of the registration, -1 before the first. */
    public long brokerEpoch() {
        return brokerEpoch;
    }

    /**
     * Registers, and from now on again in every new session. Fails if another live broker has the id or the store is another
     * cluster's; waits, as long as it takes, for a store that is away.
     */
    public CompletableFuture<Void> register(BrokerRegistration wanted) {
        registration = wanted;
        store.session().addListener(this::onSession);
        enter("this broker started");
        return registered;
    }

    /** Tells the cluster other endpoints, at run time; in the next session at the latest. */
    public void update(BrokerRegistration wanted) {
        if (!wanted.equals(registration)) {
            registration = wanted;
            rewrite(wanted);
        }
    }

    private void rewrite(BrokerRegistration wanted) {
        store.brokers().update(wanted).whenComplete((done, failure) -> {
            if (failure == null) {
                events.record(new MembershipEvents.BrokerRegistrationUpdated(
                        wanted.id(), wanted.endpoints(), "advertised.listeners changed"));
            } else {
                onRewriteFailure(wanted, cause(failure));
            }
        });
    }

    private void onRewriteFailure(BrokerRegistration wanted, Throwable cause) {
        if (cause instanceof SessionLostException) {
            return; // the next session registers what is wanted
        }
        LOG.warn("The registration could not be rewritten, again in {} ms: {}", RETRY_MS, cause.getMessage());
        later(() -> {
            if (wanted.equals(registration)) {
                rewrite(wanted);
            }
        });
    }

    /** No more registrations: the process is leaving. */
    public void leave() {
        leaving = true;
    }

    private void enter(String why) {
        BrokerRegistration wanted = registration;
        store.brokers().register(wanted).whenComplete((epoch, failure) -> {
            if (failure == null) {
                entered(wanted, epoch, why);
            } else {
                onFailure(cause(failure));
            }
        });
    }

    private void entered(BrokerRegistration wanted, long epoch, String why) {
        boolean isNew = epoch != brokerEpoch;
        brokerEpoch = epoch;
        if (isNew) {
            events.record(new MembershipEvents.BrokerRegistered(wanted.id(), epoch, why));
        }
        registered.complete(null);
    }

    private void onSession(SessionEvent event) {
        if (event.kind() == SessionEvent.Kind.NEW_SESSION) {
            enterAgain();
        }
    }

    private void enterAgain() {
        if (leaving) {
            return;
        }
        store.clusterIds().verify(clusterId).whenComplete((same, failure) -> {
            if (failure == null) {
                enter("a new session began");
            } else {
                onFailure(cause(failure));
            }
        });
    }

    private void onFailure(Throwable cause) {
        if (leaving) {
            return;
        }
        if (cause instanceof ClusterIdMismatchException || cause instanceof BrokerIdTakenException) {
            giveUp(cause);
        } else {
            LOG.warn("Registering failed, again in {} ms: {}", RETRY_MS, cause.getMessage());
            later(this::enterAgain);
        }
    }

    /** The starting thread tells its operator itself. */
    private void giveUp(Throwable cause) {
        if (!registered.completeExceptionally(cause)) {
            LOG.error("{}; this broker cannot go on beside it", cause.getMessage());
            stop.run();
        }
    }

    private void later(Runnable task) {
        try {
            timer.schedule(task, RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The process is stopping; nothing is repeated", e);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
