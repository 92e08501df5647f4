// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.platform;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** A scheduler whose tasks' exceptions are told to somebody; the JDK's own keeps them in a future that nobody asks. */
final class LoudScheduler extends ScheduledThreadPoolExecutor {
    private final Consumer<Throwable> faults;

    LoudScheduler(int threads, ThreadFactory factory, Consumer<Throwable> faults) {
        super(threads, factory);
        this.faults = faults;
        setRemoveOnCancelPolicy(true);
        setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    protected void afterExecute(Runnable task, Throwable thrown) {
        super.afterExecute(task, thrown);
        Throwable fault = thrown == null ? faultOf(task) : thrown;
        if (fault != null) {
            faults.accept(fault);
        }
    }

    /** A periodic task that goes on is not done. */
    private static Throwable faultOf(Runnable task) {
        if (!(task instanceof Future<?> future) || !future.isDone() || future.isCancelled()) {
            return null;
        }
        try {
            future.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (CancellationException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
