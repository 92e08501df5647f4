// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.hint.ChangeListener;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One subscriber's hints, each once however often it comes, until they are delivered. Bounded: too many of one kind
 * become one for the whole kind. Offered on ZooKeeper's event thread, delivered on the callback executor.
 */
final class HintSubscription implements ChangeHints.Subscription {
    private static final int MAX_PENDING = 50_000;

    private final Set<ChangeHint.Kind> kinds;
    private final ChangeListener listener;
    private final Executor callbacks;
    private final Consumer<HintSubscription> onClose;
    private Set<ChangeHint> pending = new LinkedHashSet<>();
    private boolean closed;

    HintSubscription(
            Set<ChangeHint.Kind> kinds,
            ChangeListener listener,
            Executor callbacks,
            Consumer<HintSubscription> onClose) {
        this.kinds = EnumSet.copyOf(kinds);
        this.listener = listener;
        this.callbacks = callbacks;
        this.onClose = onClose;
    }

    /** Adds a hint, if the subscriber asked for its kind. */
    void offer(ChangeHint hint) {
        if (!kinds.contains(hint.kind())) {
            return;
        }
        synchronized (this) {
            boolean wasEmpty = pending.isEmpty();
            if (closed || pending.contains(ChangeHint.any(hint.kind())) || !pending.add(hint)) {
                return;
            }
            if (pending.size() > MAX_PENDING) {
                pending.removeIf(other -> other.kind() == hint.kind());
                pending.add(ChangeHint.any(hint.kind()));
            }
            if (!wasEmpty) {
                return;
            }
        }
        callbacks.execute(this::deliver);
    }

    private void deliver() {
        Set<ChangeHint> hints;
        synchronized (this) {
            if (closed || pending.isEmpty()) {
                return;
            }
            hints = pending;
            pending = new LinkedHashSet<>();
        }
        listener.onChange(hints);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            pending.clear();
        }
        onClose.accept(this);
    }
}
