// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.event.DecisionEvent;
import io.barnabas.coordination.store.BrokerIdTakenException;
import io.barnabas.coordination.store.SessionLostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * An ephemeral node that only one process may have, and who may be in its place: nobody; this session (an earlier attempt
 * whose reply was lost); an earlier session of this process (removed); another process (waited for, in case it is dead
 * and its session about to end, at most that session's timeout).
 */
final class OwnEphemeral {
    private static final long RETRY_INTERVAL_MS = 200;

    private final Nodes nodes;
    private final ZooKeeperSession session;
    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoClock;

    OwnEphemeral(Nodes nodes, ZooKeeperSession session, ScheduledExecutorService scheduler, LongSupplier nanoClock) {
        this.nodes = nodes;
        this.session = session;
        this.scheduler = scheduler;
        this.nanoClock = nanoClock;
    }

    /** Creates the node; the result is its czxid. Created empty and filled at once, like Kafka's: its version is 1. */
    CompletableFuture<Long> create(String path, byte[] data) {
        // Somewhat more than the timeout: the ensemble expires sessions in steps.
        long patienceMs = session.sessionTimeoutMs() * 5L / 4;
        return create(path, data, nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(patienceMs));
    }

    private CompletableFuture<Long> create(String path, byte[] data, long deadlineNanos) {
        List<Op> ops = List.of(nodes.createOp(path, null, CreateMode.EPHEMERAL), Op.setData(path, data, 0));
        return nodes.multi(path, ops).thenCompose(answer -> {
            if (answer.isOk()) {
                Stat stat = ((OpResult.SetDataResult) answer.value().get(1)).getStat();
                return CompletableFuture.completedFuture(stat.getCzxid());
            }
            if (answer.code() != Code.NODEEXISTS) {
                throw Answer.failure(answer.code(), path);
            }
            return resolveExisting(path, data, deadlineNanos);
        });
    }

    private CompletableFuture<Long> resolveExisting(String path, byte[] data, long deadlineNanos) {
        return nodes.data(path).thenCompose(found -> {
            if (found.isMissing()) {
                return create(path, data, deadlineNanos);
            }
            Stat stat = found.orThrow().stat();
            if (stat.getEphemeralOwner() == session.sessionId()) {
                return adopt(path, data, found);
            }
            if (session.isFormerSession(stat.getEphemeralOwner())) {
                DecisionEvent.of("former-registration-removed")
                        .with("path", path)
                        .because("it belongs to the previous session of this process");
                return nodes.delete(path, stat.getVersion()).thenCompose(ignored -> create(path, data, deadlineNanos));
            }
            return waitForOwner(path, data, deadlineNanos, stat.getEphemeralOwner());
        });
    }

    private CompletableFuture<Long> adopt(String path, byte[] data, Answer<byte[]> found) {
        long czxid = found.stat().getCzxid();
        if (Arrays.equals(found.value(), data)) {
            return CompletableFuture.completedFuture(czxid);
        }
        return update(path, data).thenApply(ignored -> czxid);
    }

    private CompletableFuture<Long> waitForOwner(String path, byte[] data, long deadlineNanos, long owner) {
        if (nanoClock.getAsLong() - deadlineNanos >= 0) {
            throw new BrokerIdTakenException(path + " belongs to another live process (session 0x"
                    + Long.toHexString(owner) + "): is a broker with the same id running?");
        }
        Executor later = CompletableFuture.delayedExecutor(RETRY_INTERVAL_MS, TimeUnit.MILLISECONDS, scheduler);
        return CompletableFuture.runAsync(() -> {}, later).thenCompose(ignored -> create(path, data, deadlineNanos));
    }

    /** Rewrites the node, if it is this session's. */
    CompletableFuture<Void> update(String path, byte[] data) {
        return nodes.stat(path).thenCompose(found -> {
            if (found.orThrow().stat().getEphemeralOwner() != session.sessionId()) {
                throw new SessionLostException(path + " is not this session's");
            }
            return nodes.setData(path, data, -1).thenAccept(Answer::orThrow);
        });
    }

    /** Removes the node, if it is this session's. */
    CompletableFuture<Void> delete(String path) {
        return nodes.stat(path).thenCompose(found -> {
            if (found.isMissing() || found.orThrow().stat().getEphemeralOwner() != session.sessionId()) {
                return CompletableFuture.completedFuture(null);
            }
            return nodes.delete(path, -1).thenAccept(answer -> {
                if (!answer.isMissing()) {
                    answer.orThrow();
                }
            });
        });
    }
}
