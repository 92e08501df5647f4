// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.store.error.SessionLostException;
import io.barnabas.coordination.store.error.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/**
 * Sends requests, many at a time and no more than allowed, and repeats those whose connection was lost until their time
 * is up. Reads go on in the next session; a write whose session ended fails, since what it relied on is gone.
 *
 * <p>Called from any thread and from ZooKeeper's event thread; its lock guards the queue and is never held while anything
 * is called.
 */
final class ZooKeeperRequests {
    private static final long SWEEP_INTERVAL_MS = 100;

    private final ZooKeeperConfig.Limits limits;
    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoClock;

    private final Object lock = new Object();
    private final Queue<Attempt<?>> waiting = new ArrayDeque<>();
    private int inFlight;
    private boolean connected;
    private boolean paused;
    private boolean sweeping;
    private boolean closed;
    private long sessionEpoch;

    private volatile long lastContactNanos;

    /** @param nanoClock monotonic time in nanoseconds */
    ZooKeeperRequests(ZooKeeperConfig.Limits limits, ScheduledExecutorService scheduler, LongSupplier nanoClock) {
        this.limits = limits;
        this.scheduler = scheduler;
        this.nanoClock = nanoClock;
        this.lastContactNanos = nanoClock.getAsLong();
    }

    /** Sends a request that changes nothing. */
    <T> CompletableFuture<Answer<T>> read(String path, Request<T> request) {
        return submit(new Attempt<>(path, request, false));
    }

    /** Sends a request that changes something, or whose answer proves that the session lives. */
    <T> CompletableFuture<Answer<T>> write(String path, Request<T> request) {
        return submit(new Attempt<>(path, request, true));
    }

    /** When the latest answered write was sent. */
    long lastContactNanos() {
        return lastContactNanos;
    }

    /** The session of that epoch is connected: what waited for that goes out, but writes of an earlier session fail. */
    void onConnected(long newSessionEpoch) {
        List<Attempt<?>> lost;
        synchronized (lock) {
            sessionEpoch = newSessionEpoch;
            connected = true;
            paused = false;
            lost = removeIf(attempt -> attempt.isWrite && attempt.sent && attempt.sessionEpoch != newSessionEpoch);
        }
        lost.forEach(attempt -> attempt.fail(new SessionLostException(attempt.path + ": the session ended")));
        sendWaiting();
    }

    /** Nothing is sent until the connection is back. */
    void onDisconnected() {
        synchronized (lock) {
            connected = false;
        }
    }

    /** Fails all that waits and whatever comes after. */
    void close() {
        List<Attempt<?>> dropped;
        synchronized (lock) {
            closed = true;
            dropped = removeIf(attempt -> true);
        }
        dropped.forEach(attempt -> attempt.fail(refusal()));
    }

    private <T> CompletableFuture<Answer<T>> submit(Attempt<T> attempt) {
        boolean kept;
        synchronized (lock) {
            kept = keep(attempt);
        }
        if (kept) {
            sendWaiting();
        } else {
            attempt.fail(refusal());
        }
        return attempt.future;
    }

    /** Queues an attempt if there is room. Called with the lock held, as the next. */
    private boolean keep(Attempt<?> attempt) {
        return !closed && waiting.size() < limits.maxWaiting() && waiting.add(attempt);
    }

    private List<Attempt<?>> removeIf(Predicate<Attempt<?>> condition) {
        List<Attempt<?>> removed = new ArrayList<>();
        waiting.removeIf(attempt -> condition.test(attempt) && removed.add(attempt));
        return removed;
    }

    private StoreUnavailableException refusal() {
        synchronized (lock) {
            return new StoreUnavailableException(
                    closed
                            ? "The coordination store is closed"
                            : "Too many requests wait for ZooKeeper: " + limits.maxWaiting());
        }
    }

    private void sendWaiting() {
        for (Attempt<?> next = next(); next != null; next = next()) {
            next.send();
        }
    }

    private Attempt<?> next() {
        synchronized (lock) {
            boolean mayGo = connected && !paused && inFlight < limits.maxInFlight();
            Attempt<?> next = mayGo ? waiting.poll() : null;
            if (next != null) {
                inFlight++;
                next.sent = true;
                next.sessionEpoch = sessionEpoch;
            }
            if (!waiting.isEmpty() && !sweeping) {
                scheduleSweep();
            }
            return next;
        }
    }

    private void scheduleSweep() {
        try {
            scheduler.schedule(this::sweep, SWEEP_INTERVAL_MS, TimeUnit.MILLISECONDS);
            sweeping = true;
        } catch (RejectedExecutionException e) {
            sweeping = false;
        }
    }

    /** Fails what waited too long, and ends the pause, in case it was a living connection that refused. */
    private void sweep() {
        long now = nanoClock.getAsLong();
        List<Attempt<?>> late;
        synchronized (lock) {
            sweeping = false;
            paused = false;
            late = removeIf(attempt -> attempt.deadlineNanos - now <= 0);
        }
        late.forEach(attempt -> attempt.fail(new StoreUnavailableException(
                attempt.path + ": no answer from ZooKeeper within " + limits.requestTimeoutMs() + " ms")));
        sendWaiting();
    }

    /** One request on its way, possibly for the second time. */
    private final class Attempt<T> implements Request.Reply<T> {
        private final String path;
        private final Request<T> request;
        private final boolean isWrite;
        private final long deadlineNanos =
                nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(limits.requestTimeoutMs());
        private final CompletableFuture<Answer<T>> future = new CompletableFuture<>();
        private long sessionEpoch;
        private volatile long sentNanos;
        private boolean sent;
        private boolean repeated;

        Attempt(String path, Request<T> request, boolean isWrite) {
            this.path = path;
            this.request = request;
            this.isWrite = isWrite;
        }

        void send() {
            sentNanos = nanoClock.getAsLong();
            try {
                request.send(this);
            } catch (Exception e) {
                release(false);
                fail(new CoordinationException(path + ": " + e.getMessage(), e));
            }
        }

        @Override
        public void received(int rc, T value, Stat stat) {
            Code known = Code.get(rc);
            Code code = known == null ? Code.SYSTEMERROR : known;
            switch (code) {
                case CONNECTIONLOSS, OPERATIONTIMEOUT, SESSIONMOVED, THROTTLEDOP -> again();
                case SESSIONEXPIRED -> sessionEnded();
                default -> answered(code, value, stat);
            }
            sendWaiting();
        }

        private void answered(Code code, T value, Stat stat) {
            if (isWrite) {
                lastContactNanos = Math.max(lastContactNanos, sentNanos);
            }
            release(false);
            future.complete(new Answer<>(code, value, stat, repeated, path));
        }

        private void again() {
            repeated = isWrite;
            if (!release(true)) {
                fail(refusal());
            }
        }

        private void sessionEnded() {
            if (!isWrite) {
                again();
                return;
            }
            release(false);
            fail(new SessionLostException(path + ": the session ended"));
        }

        /** Makes room for the next; what goes back into the queue waits for the connection, or for the next sweep. */
        private boolean release(boolean back) {
            synchronized (lock) {
                inFlight--;
                paused |= back;
                return back && keep(this);
            }
        }

        void fail(RuntimeException e) {
            future.completeExceptionally(e);
        }
    }
}
