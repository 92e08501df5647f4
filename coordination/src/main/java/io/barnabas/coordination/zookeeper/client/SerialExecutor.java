// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what it is given one at a time and in order on whatever executor it was given; a task that fails is logged. */
final class SerialExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

    private final Executor executor;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    SerialExecutor(Executor executor) {
        this.executor = executor;
    }

    @Override
    public synchronized void execute(Runnable task) {
        last = last.thenRunAsync(() -> run(task), executor);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("A listener of the coordination store failed", e);
        }
    }
}
