// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.ClusterIdMismatchException;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.coordination.store.SessionEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's presence in the cluster: its registration, the broker epoch that came of it, and both again in every
 * new session. Verifies in each session that the store is still that of the same cluster. Thread-safe.
 */
final class BrokerPresence {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerPresence.class);
    private static final long RETRY_MS = 1_000;

    private final CoordinationStore store;
    private final String clusterId;
    private final ScheduledExecutorService timer;
    private final Runnable onForeignCluster;
    private volatile BrokerRegistration registration;
    private volatile long brokerEpoch = BrokerInfo.UNKNOWN_EPOCH;
    private volatile boolean leaving;

    /** @param onForeignCluster what to do when the store turns out to be another cluster's */
    BrokerPresence(
            CoordinationStore store, String clusterId, ScheduledExecutorService timer, Runnable onForeignCluster) {
        this.store = store;
        this.clusterId = clusterId;
        this.timer = timer;
        this.onForeignCluster = onForeignCluster;
    }

    /** The czxid of the registration, -1 before the first. */
    long brokerEpoch() {
        return brokerEpoch;
    }

    /** Registers, and from now on again in every new session. */
    CompletableFuture<Void> register(BrokerRegistration wanted) {
        registration = wanted;
        store.session().addListener(this::onSession);
        return enter("this broker started");
    }

    /** Tells the cluster other endpoints, at run time. */
    CompletableFuture<Void> update(BrokerRegistration wanted) {
        registration = wanted;
        return store.brokers().update(wanted);
    }

    /** No more registrations: the process is leaving. */
    void leave() {
        leaving = true;
    }

    private CompletableFuture<Void> enter(String why) {
        BrokerRegistration wanted = registration;
        return store.brokers().register(wanted).thenAccept(epoch -> {
            brokerEpoch = epoch;
            DecisionEvent.of("broker-registered")
                    .with("broker", wanted.id())
                    .with("epoch", epoch)
                    .because(why);
        });
    }

    private void onSession(SessionEvent event) {
        if (event.kind() == SessionEvent.Kind.LOST) {
            DecisionEvent.of("session-lost").with("broker", registration.id()).because("the store let it expire");
        } else if (event.kind() == SessionEvent.Kind.NEW_SESSION) {
            enterAgain();
        }
    }

    private void enterAgain() {
        if (leaving) {
            return;
        }
        store.clusterIds()
                .verify(clusterId)
                .thenCompose(same -> enter("a new session began"))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        onFailure(failure.getCause() == null ? failure : failure.getCause());
                    }
                });
    }

    private void onFailure(Throwable cause) {
        if (cause instanceof ClusterIdMismatchException) {
            LOG.error("{}; this broker stops rather than serve two clusters", cause.getMessage());
            onForeignCluster.run();
        } else {
            LOG.warn("Registering in the new session failed, again in {} ms: {}", RETRY_MS, cause.getMessage());
            timer.schedule(this::enterAgain, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }
}
