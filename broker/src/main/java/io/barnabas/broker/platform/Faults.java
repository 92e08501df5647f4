// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.platform;

import io.barnabas.coordination.store.error.CoordinationException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an exception that nobody handled: a failure of the world (a disk, a peer, the coordination store) is one
 * line; anything else is a bug, whose state nobody knows, and stops the broker loudly. Thread-safe.
 */
public final class Faults implements Thread.UncaughtExceptionHandler, Consumer<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private final Runnable stop;

    /** @param stop ends the process at once */
    public Faults(Runnable stop) {
        this.stop = stop;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable fault) {
        accept(fault);
    }

    @Override
    public void accept(Throwable fault) {
        String thread = Thread.currentThread().getName();
        if (fault instanceof KafkaException || fault instanceof CoordinationException) {
            LOG.error("A task on thread {} failed: {}", thread, fault.toString());
        } else if (fault instanceof RejectedExecutionException || fault instanceof CancellationException) {
            LOG.debug("A task on thread {} came too late", thread, fault);
        } else {
            LOG.error("Thread {} met a fault in this program; its state cannot be trusted any more", thread, fault);
            stop.run();
        }
    }
}
