// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordination.store.CoordinationSession;
import io.barnabas.coordination.store.SessionEvent;
import io.barnabas.coordination.store.SessionListener;
import io.barnabas.coordination.store.SessionLostException;
import io.barnabas.coordination.store.StoreUnavailableException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.CuratorZookeeperClient;
import org.apache.curator.ensemble.fixed.FixedEnsembleProvider;
import org.apache.curator.retry.RetryForever;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session on ZooKeeper. Curator's client makes a new handle when a session expired; a session whose connection is lost is
 * kept as long as ZooKeeper keeps it, also over an outage of the whole ensemble. State changes come on ZooKeeper's event
 * thread and are told to listeners on the callback executor.
 */
final class ZooKeeperSession implements CoordinationSession {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperSession.class);
    private static final int HEARTBEATS_PER_TIMEOUT = 6;
    private static final long CLOSE_TIMEOUT_MS = 5_000;
    private static final int RECONNECT_PAUSE_MS = 1_000;

    private final ZooKeeperConfig config;
    private final ZooKeeperRequests requests;
    private final Nodes nodes;
    private final SessionPreparation preparation;
    private final SerialExecutor callbacks;
    private final ScheduledExecutorService scheduler;
    private final CuratorZookeeperClient client;
    private final List<SessionListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();

    private final Object lock = new Object();
    private ZooKeeperHandle current;
    private boolean suspended;
    private boolean beating;
    private ScheduledFuture<?> heartbeat;

    private volatile State state = State.CONNECTING;
    private volatile long sessionEpoch;
    private volatile long sessionId;
    private volatile long formerSessionId;
    private volatile int sessionTimeoutMs;

    ZooKeeperSession(
            ZooKeeperConfig config,
            ZooKeeperRequests requests,
            Nodes nodes,
            NodeAcls acls,
            SerialExecutor callbacks,
            ScheduledExecutorService scheduler) {
        this.config = config;
        this.requests = requests;
        this.nodes = nodes;
        this.preparation = new SessionPreparation(config, acls);
        this.callbacks = callbacks;
        this.scheduler = scheduler;
        this.sessionTimeoutMs = config.sessionTimeoutMs();
        ZookeeperFactory factory = (connect, timeoutMs, watcher, canBeReadOnly) -> open(connect, timeoutMs, watcher);
        this.client = new CuratorZookeeperClient(
                factory,
                new FixedEnsembleProvider(config.connect()),
                config.sessionTimeoutMs(),
                config.connectionTimeoutMs(),
                null,
                new RetryForever(RECONNECT_PAUSE_MS),
                false);
    }

    /** Begins to connect, on a thread of its own since that may wait. */
    void start() {
        ScheduledFuture<?> patience = giveUpLater();
        Thread starter = new Thread(() -> prepareAndConnect(patience), "zookeeper-start");
        starter.setDaemon(true);
        starter.start();
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
                    client.start();
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

    private ZooKeeper open(String connect, int timeoutMs, Watcher curator) throws Exception {
        ZooKeeperHandle handle = new ZooKeeperHandle(this::onEvent, curator);
        synchronized (lock) {
            current = handle;
        }
        return handle.open(connect, timeoutMs, false);
    }

    private void onEvent(ZooKeeperHandle handle, WatchedEvent event) {
        synchronized (lock) {
            if (handle != current || state == State.CLOSED) {
                return;
            }
            switch (event.getState()) {
                case SyncConnected -> onConnected(handle.zooKeeper());
                case Disconnected -> onDisconnected();
                case Expired -> onExpired();
                case AuthFailed -> LOG.error("ZooKeeper at {} refused to authenticate this broker", config.connect());
                default -> LOG.debug("ZooKeeper client state {}", event.getState());
            }
        }
        if (event.getState() == KeeperState.SyncConnected) {
            requests.onConnected(handle.zooKeeper(), sessionEpoch);
        }
    }

    /** Called with the lock held, as the other two. */
    private void onConnected(ZooKeeper zooKeeper) {
        boolean isNew = zooKeeper.getSessionId() != sessionId;
        if (isNew) {
            formerSessionId = sessionId;
            sessionId = zooKeeper.getSessionId();
            sessionTimeoutMs = zooKeeper.getSessionTimeout();
            sessionEpoch = nextEpoch();
            keep(SessionFile.Credentials.of(zooKeeper));
            startHeartbeat();
        }
        suspended = false;
        state = State.CONNECTED;
        callbacks.execute(() -> connected.complete(null));
        tell(isNew ? SessionEvent.Kind.NEW_SESSION : SessionEvent.Kind.RECONNECTED, "ZooKeeper answers");
    }

    private long nextEpoch() {
        return sessionEpoch + 1;
    }

    private void onDisconnected() {
        requests.onDisconnected();
        if (sessionEpoch > 0 && !suspended) {
            suspended = true;
            state = State.SUSPENDED;
            tell(SessionEvent.Kind.SUSPENDED, "the connection to ZooKeeper is lost");
        }
    }

    private void onExpired() {
        requests.onDisconnected();
        suspended = false;
        state = State.CONNECTING;
        tell(SessionEvent.Kind.LOST, "ZooKeeper let the session expire");
    }

    private void tell(SessionEvent.Kind kind, String why) {
        SessionEvent event = new SessionEvent(kind, sessionEpoch);
        DecisionEvent line = DecisionEvent.of(
                        "session-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .with("session", "0x" + Long.toHexString(sessionId))
                .with("epoch", sessionEpoch)
                .with("timeoutMs", sessionTimeoutMs);
        callbacks.execute(() -> {
            line.because(why);
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
    long sessionId() {
        return sessionId;
    }

    /** Whether the id is that of an earlier session of this very process. */
    boolean isFormerSession(long id) {
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
        return Futures.all(ZnodePaths.PERSISTENT, this::createPersistent).exceptionallyCompose(failure -> {
            boolean again = Futures.cause(failure) instanceof SessionLostException && state != State.CLOSED;
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
        ZooKeeperHandle last;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            last = current;
            if (heartbeat != null) {
                heartbeat.cancel(false);
            }
        }
        requests.close();
        Thread closer = new Thread(() -> closeClient(last), "zookeeper-close");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeClient(ZooKeeperHandle last) {
        try {
            if (last != null && last.zooKeeper() != null) {
                boolean reachable = last.zooKeeper().getState().isConnected();
                last.zooKeeper().close();
                if (reachable) {
                    config.sessionFile().ifPresent(path -> new SessionFile(path).delete());
                }
            }
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
