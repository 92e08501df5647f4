// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.BrokerIdTakenException;
import io.barnabas.coordination.store.error.SessionLostException;
import io.barnabas.coordination.zookeeper.client.Answer;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.ZooKeeperClient;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;

/**
 * An ephemeral node that only one process may have, and who may be in its place: nobody; this session (an earlier attempt
 * whose reply was lost); an earlier session of this process (removed); another process (waited for, in case it is dead
 * and its session about to end, at most that session's timeout).
 *
 * @param nanoClock monotonic time in nanoseconds
 * @param events where decisions are told
 */
record OwnEphemeral(
        ZooKeeperClient client, ScheduledExecutorService scheduler, LongSupplier nanoClock, EventSink events) {
    private static final long RETRY_INTERVAL_MS = 200;

    /** Creates the node; the result is its czxid. Created empty and filled at once, like Kafka's: its version is 1. */
    CompletableFuture<Long> create(String path, byte[] data) {
        // Somewhat more than the timeout: the ensemble expires sessions in steps.
        long patienceMs = client.session().sessionTimeoutMs() * 5L / 4;
        return create(path, data, nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(patienceMs));
    }

    private CompletableFuture<Long> create(String path, byte[] data, long deadlineNanos) {
        List<GuardedWrites.Operation> ops =
                List.of(GuardedWrites.create(path, null, CreateMode.EPHEMERAL), GuardedWrites.set(path, data, 0));
        return client.writes().write(path, Versions.ANY, ops).thenCompose(outcome -> {
            if (outcome.code() == Code.NODEEXISTS) {
                return resolveExisting(path, data, deadlineNanos);
            }
            return CompletableFuture.completedFuture(
                    outcome.orThrow().results().get(1).getResultStat().getCzxid());
        });
    }

    private CompletableFuture<Long> resolveExisting(String path, byte[] data, long deadlineNanos) {
        return client.nodes().data(path).thenCompose(found -> {
            if (found.isMissing()) {
                return create(path, data, deadlineNanos);
            }
            long owner = found.orThrow().stat().getEphemeralOwner();
            if (owner == client.session().sessionId()) {
                long czxid = found.stat().getCzxid();
                return Arrays.equals(found.value(), data)
                        ? CompletableFuture.completedFuture(czxid)
                        : update(path, data).thenApply(ignored -> czxid);
            }
            if (client.session().isFormerSession(owner)) {
                events.record(new RegistrationEvents.FormerRegistrationRemoved(
                        path, "it belongs to the previous session of this process"));
                return client.nodes()
                        .delete(path, found.stat().getVersion())
                        .handle((done, failure) -> create(path, data, deadlineNanos))
                        .thenCompose(created -> created);
            }
            return waitForOwner(path, data, deadlineNanos, owner);
        });
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
        return client.nodes().stat(path).thenCompose(found -> {
            if (found.orThrow().stat().getEphemeralOwner() != client.session().sessionId()) {
                throw new SessionLostException(path + " is not this session's");
            }
            return client.nodes().setData(path, data, Versions.ANY).thenAccept(Answer::orThrow);
        });
    }

    /** Removes the node, if it is this session's. */
    CompletableFuture<Void> delete(String path) {
        return client.nodes().stat(path).thenCompose(found -> {
            boolean isOwn = !found.isMissing()
                    && found.orThrow().stat().getEphemeralOwner()
                            == client.session().sessionId();
            return isOwn ? client.nodes().delete(path, Versions.ANY) : CompletableFuture.completedFuture(null);
        });
    }
}
