// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts connections against their limits. Locked for a moment when one comes or goes.
 *
 * <p>The inter-broker listener, if it is not the only one, is not held up by {@code max.connections}: when it goes
 * beyond, a connection of another listener has to make room.
 */
final class ConnectionAdmission {
    /** What is to become of a new connection. */
    enum Verdict {
        ADMITTED,
        /** Admitted, but somebody else has to leave. */
        ADMITTED_BEYOND_LIMIT,
        /** Its address has as many as it may have. */
        REFUSED
    }

    private final Map<String, Integer> maxByListener = new HashMap<>();
    private final Optional<String> protectedListener;
    private final Map<String, Integer> countByListener = new HashMap<>();
    private final Map<InetAddress, Integer> countByIp = new HashMap<>();
    private ConnectionLimits limits;
    private int total;

    ConnectionAdmission(
            Iterable<ListenerBinding> listeners, Optional<String> interBrokerListener, ConnectionLimits limits) {
        listeners.forEach(listener -> maxByListener.put(listener.name(), listener.maxConnections()));
        this.protectedListener = maxByListener.size() > 1 ? interBrokerListener : Optional.empty();
        this.limits = limits;
    }

    synchronized void limits(ConnectionLimits newLimits) {
        this.limits = newLimits;
    }

    synchronized void listenerLimits(Iterable<ListenerBinding> listeners) {
        listeners.forEach(listener -> maxByListener.replace(listener.name(), listener.maxConnections()));
    }

    /** Whether the listener may accept another connection now. */
    synchronized boolean hasRoom(String listener) {
        return count(listener) < maxByListener.get(listener)
                && (isProtected(listener) || total < limits.maxConnections());
    }

    /** Counts a connection, unless it is refused. */
    synchronized Verdict admit(String listener, InetAddress address) {
        if (countOf(address) >= limits.maxOf(address)) {
            return Verdict.REFUSED;
        }
        countByIp.merge(address, 1, Integer::sum);
        countByListener.merge(listener, 1, Integer::sum);
        total++;
        return isProtected(listener) && total > limits.maxConnections()
                ? Verdict.ADMITTED_BEYOND_LIMIT
                : Verdict.ADMITTED;
    }

    /** An admitted connection has closed. */
    synchronized void release(String listener, InetAddress address) {
        countByIp.computeIfPresent(address, (ip, count) -> count == 1 ? null : count - 1);
        countByListener.merge(listener, -1, Integer::sum);
        total--;
    }

    boolean isProtected(String listener) {
        return protectedListener.isPresent() && protectedListener.get().equals(listener);
    }

    synchronized int maxOf(InetAddress address) {
        return limits.maxOf(address);
    }

    private int count(String listener) {
        return countByListener.getOrDefault(listener, 0);
    }

    private int countOf(InetAddress address) {
        return countByIp.getOrDefault(address, 0);
    }
}
