// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.SessionLostException;
import io.barnabas.coordination.store.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * Sends requests, many at a time and no more than allowed, and repeats those whose connection was lost until their time
 * is up. Reads go on in the next session; a write whose session ended fails, since what it relied on is gone.
 *
 * <p>Called from any thread and from ZooKeeper's event thread; its lock guards three queues and is never held while
 * anything is called.
 */
final class ZooKeeperRequests {
    private static final long SWEEP_INTERVAL_MS = 100;

    private final int maxInFlight;
    private final int maxWaiting;
    private final long timeoutNanos;
    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoClock;

    private final Object lock = new Object();
    private final Queue<Attempt<?>> waiting = new ArrayDeque<>();
    private List<Attempt<?>> parked = new ArrayList<>();
    private int inFlight;
    private boolean sweeping;
    private boolean closed;
    private ZooKeeper handle;
    private long sessionEpoch;
    private boolean connected;

    private volatile long lastContactNanos;

    ZooKeeperRequests(ZooKeeperConfig config, ScheduledExecutorService scheduler, LongSupplier nanoClock) {
        this.maxInFlight = config.maxInFlight();
        this.maxWaiting = config.maxWaiting();
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(config.requestTimeoutMs());
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

    /** The session of that epoch is connected through the handle; what waited for that goes out. */
    void onConnected(ZooKeeper newHandle, long newSessionEpoch) {
        synchronized (lock) {
            handle = newHandle;
            sessionEpoch = newSessionEpoch;
            connected = true;
        }
        retryParked();
    }

    void onDisconnected() {
        synchronized (lock) {
            connected = false;
        }
    }

    /** Fails all that waits and whatever comes after. */
    void close() {
        List<Attempt<?>> dropped = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            dropped.addAll(waiting);
            dropped.addAll(parked);
            waiting.clear();
            parked.clear();
        }
        dropped.forEach(attempt -> attempt.fail(new StoreUnavailableException("The coordination store is closed")));
    }

    private <T> CompletableFuture<Answer<T>> submit(Attempt<T> attempt) {
        synchronized (lock) {
            if (closed) {
                attempt.fail(new StoreUnavailableException("The coordination store is closed"));
                return attempt.future;
            }
            attempt.sessionEpoch = sessionEpoch;
            if (!connected) {
                if (!park(attempt)) {
                    attempt.fail(tooMany());
                }
                return attempt.future;
            }
            if (inFlight >= maxInFlight) {
                if (waiting.size() >= maxWaiting) {
                    attempt.fail(tooMany());
                } else {
                    waiting.add(attempt);
                }
                return attempt.future;
            }
            inFlight++;
        }
        attempt.send();
        return attempt.future;
    }

    /** Keeps an attempt for when the connection is back, if there is room. Called with the lock held. */
    private boolean park(Attempt<?> attempt) {
        if (closed || parked.size() >= maxWaiting) {
            return false;
        }
        parked.add(attempt);
        if (!sweeping) {
            sweeping = true;
            scheduleSweep();
        }
        return true;
    }

    private StoreUnavailableException tooMany() {
        return new StoreUnavailableException(
                closed ? "The coordination store is closed" : "Too many requests wait for ZooKeeper: " + maxWaiting);
    }

    private void scheduleSweep() {
        try {
            scheduler.schedule(this::sweep, SWEEP_INTERVAL_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            sweeping = false;
        }
    }

    private void sweep() {
        boolean retry;
        List<Attempt<?>> late = new ArrayList<>();
        synchronized (lock) {
            long now = nanoClock.getAsLong();
            parked.removeIf(attempt -> attempt.deadlineNanos - now <= 0 && late.add(attempt));
            retry = connected;
            if (parked.isEmpty()) {
                sweeping = false;
            } else {
                scheduleSweep();
            }
        }
        late.forEach(attempt -> attempt.fail(new StoreUnavailableException(attempt.path
                + ": no answer from ZooKeeper within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms")));
        if (retry) {
            retryParked();
        }
    }

    private void retryParked() {
        List<Attempt<?>> lost = new ArrayList<>();
        synchronized (lock) {
            for (Attempt<?> attempt : parked) {
                if (attempt.isWrite && attempt.sent && attempt.sessionEpoch != sessionEpoch) {
                    lost.add(attempt);
                } else {
                    attempt.sessionEpoch = sessionEpoch;
                    waiting.add(attempt);
                }
            }
            parked = new ArrayList<>();
        }
        lost.forEach(attempt -> attempt.fail(new SessionLostException(attempt.path + ": the session ended")));
        sendWaiting();
    }

    private void sendWaiting() {
        while (true) {
            Attempt<?> next;
            synchronized (lock) {
                if (!connected || inFlight >= maxInFlight || waiting.isEmpty()) {
                    return;
                }
                next = waiting.poll();
                inFlight++;
            }
            next.send();
        }
    }

    private void release() {
        synchronized (lock) {
            inFlight--;
        }
        sendWaiting();
    }

    /** One request on its way, possibly for the second time. */
    private final class Attempt<T> implements Request.Reply<T> {
        private final String path;
        private final Request<T> request;
        private final boolean isWrite;
        private final long deadlineNanos = nanoClock.getAsLong() + timeoutNanos;
        private final CompletableFuture<Answer<T>> future = new CompletableFuture<>();
        private long sessionEpoch;
        private long sentNanos;
        private volatile boolean sent;
        private boolean repeated;

        Attempt(String path, Request<T> request, boolean isWrite) {
            this.path = path;
            this.request = request;
            this.isWrite = isWrite;
        }

        void send() {
            ZooKeeper current;
            synchronized (lock) {
                current = handle;
            }
            sent = true;
            sentNanos = nanoClock.getAsLong();
            try {
                request.send(current, this);
            } catch (RuntimeException e) {
                release();
                fail(e);
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
        }

        private void answered(Code code, T value, Stat stat) {
            if (isWrite) {
                lastContactNanos = Math.max(lastContactNanos, sentNanos);
            }
            release();
            future.complete(new Answer<>(code, value, stat, repeated, path));
        }

        private void again() {
            repeated = isWrite;
            StoreUnavailableException refusal = null;
            synchronized (lock) {
                if (!park(this)) {
                    refusal = tooMany();
                }
            }
            release();
            if (refusal != null) {
                fail(refusal);
            }
        }

        private void sessionEnded() {
            if (!isWrite) {
                again();
                return;
            }
            release();
            fail(new SessionLostException(path + ": the session ended"));
        }

        void fail(RuntimeException e) {
            future.completeExceptionally(e);
        }
    }
}
