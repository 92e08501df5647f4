// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The open connections of all listeners. Safe to use from any thread. */
final class Connections {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    void add(Connection connection) {
        open.add(connection);
        connection.channel().closeFuture().addListener(closed -> open.remove(connection));
    }

    int size() {
        return open.size();
    }

    /** The connection that has been silent longest among the listeners chosen. */
    Optional<Connection> leastRecentlyUsed(Predicate<String> listener) {
        Connection oldest = null;
        for (Connection connection : open) {
            if (listener.test(connection.listener())
                    && (oldest == null || connection.lastActivityNs() - oldest.lastActivityNs() < 0)) {
                oldest = connection;
            }
        }
        return Optional.ofNullable(oldest);
    }

    /**
     * Answers what has been asked and closes all; those not done in time are cut off.
     *
     * @return completes when all are closed
     */
    CompletionStage<Void> drain(long graceMs, ScheduledExecutorService scheduler) {
        Collection<Connection> draining = List.copyOf(open);
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        for (Connection connection : draining) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            connection.channel().closeFuture().addListener(done -> future.complete(null));
            closed.add(future);
            connection.closeWhenAnswered();
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new));
        if (!all.isDone()) {
            Runnable cutOff = () -> draining.stream().map(Connection::channel).forEach(Channel::close);
            scheduler.schedule(cutOff, graceMs, TimeUnit.MILLISECONDS);
        }
        return all;
    }
}
