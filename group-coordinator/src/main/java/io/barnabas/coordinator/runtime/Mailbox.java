// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Messages for one loop, run in turns on a shared executor: never two at a time, in the order they came, and a turn's
 * effects are seen by the next.
 *
 * <p>Commands from outside are bounded; what the loop itself has set off (timers, commits, leadership) is always taken.
 */
final class Mailbox {
    private final Executor executor;
    private final int capacity;
    private final int turnSize;
    private final Runnable afterMessages;
    private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * @param afterMessages runs at the end of each turn
     */
    Mailbox(Executor executor, RuntimeConfig config, Runnable afterMessages) {
        this.executor = executor;
        this.capacity = config.mailboxCapacity();
        this.turnSize = config.turnSize();
        this.afterMessages = afterMessages;
    }

    private record Message(Runnable action, boolean command) {}

    /** Takes a command unless too many wait already. */
    boolean offer(Runnable command) {
        if (commands.incrementAndGet() > capacity) {
            commands.decrementAndGet();
            return false;
        }
        messages.add(new Message(command, true));
        schedule();
        return true;
    }

    /** Takes a message in any case. */
    void put(Runnable message) {
        messages.add(new Message(message, false));
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(this::turn);
        }
    }

    private void turn() {
        try {
            for (int i = 0; i < turnSize; i++) {
                Message message = messages.poll();
                if (message == null) {
                    break;
                }
                if (message.command()) {
                    commands.decrementAndGet();
                }
                message.action().run();
            }
            afterMessages.run();
        } finally {
            scheduled.set(false);
            if (!messages.isEmpty()) {
                schedule();
            }
        }
    }
}
