// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.event.Event;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.error.SessionLostException;
import io.barnabas.coordination.store.error.StoreUnavailableException;
import io.barnabas.coordination.store.session.CoordinationSession;
import io.barnabas.coordination.store.session.SessionEvent;
import io.barnabas.coordination.store.session.SessionListener;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session on ZooKeeper. The framework makes a new one when it expired; a session whose connection is lost is kept as long as
 * ZooKeeper keeps it, also over an outage of the whole ensemble. Changes of state come on a thread of the framework and are told
 * to listeners on the callback executor.
 */
public final class ZooKeeperSession implements CoordinationSession {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperSession.class);
    private static final int HEARTBEATS_PER_TIMEOUT = 6;
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final ZooKeeperConfig config;
    private final CuratorFramework framework;
    private final ZooKeeperRequests requests;
    private final Nodes nodes;
    private final SerialExecutor callbacks;
    private final ScheduledExecutorService scheduler;
    private final ThreadFactory threads;
    private final EventSink events;
    private final List<SessionListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();

    private final Object lock = new Object();
    private boolean beating;
    private ScheduledFuture<?> heartbeat;

    private volatile State state = State.CONNECTING;
    private volatile long sessionEpoch;
    private volatile long sessionId;
    private volatile long formerSessionId;
    private volatile int sessionTimeoutMs;

    ZooKeeperSession(
            ZooKeeperConfig config,
            CuratorFramework framework,
            ZooKeeperRequests requests,
            Nodes nodes,
            SerialExecutor callbacks,
            ScheduledExecutorService scheduler,
            ThreadFactory threads,
            EventSink events) {
        this.config = config;
        this.framework = framework;
        this.requests = requests;
        this.nodes = nodes;
        this.callbacks = callbacks;
        this.scheduler = scheduler;
        this.threads = threads;
        this.events = events;
        this.sessionTimeoutMs = config.sessionTimeoutMs();
    }

    /** Begins to connect, on a thread of its own since that may wait. */
    void start() {
        framework.getConnectionStateListenable().addListener((client, change) -> onStateChange(change));
        ScheduledFuture<?> patience = giveUpLater();
        CuratorClients.named("zookeeper-start", threads.newThread(() -> prepareAndConnect(patience)))
                .start();
    }

    private ScheduledFuture<?> giveUpLater() {
        return scheduler.schedule(
                () -> connected.completeExceptionally(unreachable("")),
                config.connectionTimeoutMs(),
                TimeUnit.MILLISECONDS);
    }

    private void prepareAndConnect(ScheduledFuture<?> patience) {
        try {
            prepare(patience);
            synchronized (lock) {
                if (state != State.CLOSED) {
                    framework.start();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.debug("Cannot start the ZooKeeper session", e);
            connected.completeExceptionally(unreachable(": " + e.getMessage()));
        }
    }

    /** What comes before the session. A connection that comes about gives the next one its whole time again. */
    private void prepare(ScheduledFuture<?> patience) throws Exception {
        SessionPreparation preparation = new SessionPreparation(config, threads, events);
        boolean answered = config.sessionFile().isEmpty()
                || preparation.endFormerSession(
                        new SessionFile(config.sessionFile().get()));
        if (answered) {
            ScheduledFuture<?> renewed = renew(patience);
            if (preparation.createChroot()) {
                renew(renewed);
            }
        }
    }

    private ScheduledFuture<?> renew(ScheduledFuture<?> patience) {
        patience.cancel(false);
        return giveUpLater();
    }

    private StoreUnavailableException unreachable(String why) {
        return new StoreUnavailableException("Cannot connect to ZooKeeper at " + config.connect() + " within "
                + config.connectionTimeoutMs() + " ms" + why);
    }

    private void onStateChange(ConnectionState change) {
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            switch (change) {
                case CONNECTED, RECONNECTED -> onConnected();
                case SUSPENDED -> onSuspended();
                case LOST -> onLost();
                default -> LOG.debug("ZooKeeper connection state {}", change);
            }
        }
        if (state == State.CONNECTED) {
            requests.onConnected(sessionEpoch);
        }
    }

    /**
     * Called with the lock held, as the other two. A session that is neither the known one nor the first after a loss is left
     * alone: the word of the loss is still on its way, and that of the connection comes again after it.
     */
    private void onConnected() {
        CuratorClients.Handle handle = CuratorClients.handle(framework);
        boolean isKnown = sessionId != 0 && handle.getSessionId() == sessionId;
        if (state == State.CONNECTING && handle.getSessionId() != 0) {
            formerSessionId = isKnown ? formerSessionId : sessionId;
            sessionId = handle.getSessionId();
            sessionTimeoutMs = handle.grantedTimeoutMs();
            sessionEpoch = nextEpoch();
            state = State.CONNECTED;
            keep(SessionFile.Credentials.of(handle));
            startHeartbeat();
            callbacks.execute(() -> connected.complete(null));
            tell(SessionEvent.Kind.NEW_SESSION, "ZooKeeper answers");
        } else if (state == State.SUSPENDED && isKnown) {
            state = State.CONNECTED;
            tell(SessionEvent.Kind.RECONNECTED, "ZooKeeper answers");
        }
    }

    private long nextEpoch() {
        return sessionEpoch + 1;
    }

    private void onSuspended() {
        requests.onDisconnected();
        if (state == State.CONNECTED) {
            state = State.SUSPENDED;
            tell(SessionEvent.Kind.SUSPENDED, "the connection to ZooKeeper is lost");
        }
    }

    private void onLost() {
        requests.onDisconnected();
        if (state != State.CONNECTING) {
            state = State.CONNECTING;
            tell(SessionEvent.Kind.LOST, "ZooKeeper let the session expire");
        }
    }

    private void tell(SessionEvent.Kind kind, String why) {
        SessionEvent event = new SessionEvent(kind, sessionEpoch);
        Event told = SessionEvents.of(event, sessionId, sessionTimeoutMs, why);
        callbacks.execute(() -> {
            events.record(told);
            listeners.forEach(listener -> listener.onSessionEvent(event));
        });
    }

    private void keep(SessionFile.Credentials session) {
        config.sessionFile().ifPresent(path -> callbacks.execute(() -> new SessionFile(path).write(session)));
    }

    private void startHeartbeat() {
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
        long intervalMs = Math.max(1, sessionTimeoutMs / HEARTBEATS_PER_TIMEOUT);
        try {
            heartbeat = scheduler.scheduleWithFixedDelay(this::beat, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The scheduler is shut down; no more heartbeats", e);
        }
    }

    private void beat() {
        synchronized (lock) {
            if (beating || state != State.CONNECTED) {
                return;
            }
            beating = true;
        }
        nodes.sync().whenComplete((answer, failure) -> {
            synchronized (lock) {
                beating = false;
            }
        });
    }

    /** The session's id, by which its ephemeral nodes are known. */
    public long sessionId() {
        return sessionId;
    }

    /** Whether the id is that of an earlier session of this very process. */
    public boolean isFormerSession(long id) {
        return id != 0 && id == formerSessionId;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public long sessionEpoch() {
        return sessionEpoch;
    }

    @Override
    public long lastContactNanos() {
        return requests.lastContactNanos();
    }

    @Override
    public int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    @Override
    public CompletableFuture<Void> connected() {
        return connected.copy();
    }

    @Override
    public CompletableFuture<Void> initialize() {
        return nodes.requirePersistentWatches()
                .thenCompose(ignored -> Bulk.all(ZnodePaths.PERSISTENT, this::createPersistent))
                .exceptionallyCompose(failure -> {
                    boolean again = Bulk.cause(failure) instanceof SessionLostException && state != State.CLOSED;
                    return again ? initialize() : CompletableFuture.failedFuture(failure);
                });
    }

    private CompletableFuture<Void> createPersistent(String path) {
        return nodes.createRecursively(path, null).thenAccept(answer -> {
            if (answer.code() != Code.NODEEXISTS) {
                answer.orThrow();
            }
        });
    }

    @Override
    public void addListener(SessionListener listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            if (heartbeat != null) {
                heartbeat.cancel(false);
            }
        }
        requests.close();
        Thread closer = CuratorClients.named("zookeeper-close", threads.newThread(this::closeFramework));
        closer.start();
        try {
            closer.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeFramework() {
        boolean reachable = framework.getZookeeperClient().isConnected();
        framework.close();
        if (reachable) {
            config.sessionFile().ifPresent(path -> new SessionFile(path).delete());
        }
    }
}
