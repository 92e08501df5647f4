// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.platform;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.network.Transport;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The threads rooms share, by what may run on them. Owned by the process; rooms borrow them.
 *
 * @param transport the event loops: requests, answers and peers; nothing here blocks
 * @param timer wakes others up; its tasks take microseconds
 * @param background periodic work on logs, and whatever may wait for the disk
 * @param control the controller's orders, one at a time, in order
 * @param controller the controller's loop, used by nothing else
 * @param coordinators the turns of coordinators' loops; nothing here blocks
 * @param loaders reads coordinators' logs; may wait for the disk
 * @param longWork what clients ask for and event loops have no time for: decompressing and converting much. Half as
 *     many as processors, so that it leaves them to others
 */
public record BrokerThreads(
        Transport transport,
        ScheduledExecutorService timer,
        ScheduledThreadPoolExecutor background,
        ExecutorService control,
        ScheduledExecutorService controller,
        ExecutorService coordinators,
        ExecutorService loaders,
        ExecutorService longWork) {
    private static final int COORDINATOR_THREADS = 2;
    private static final int LOADER_THREADS = 4;

    /** @param faults hears of exceptions that nobody handled on one of these threads */
    public static BrokerThreads start(BarnabasConfig config, Consumer<Throwable> faults) {
        return new BrokerThreads(
                Transport.start(config.network().networkThreads(), "network"),
                new LoudScheduler(1, named("timer"), faults),
                new LoudScheduler(config.logManager().backgroundThreads(), named("background"), faults),
                Executors.newSingleThreadExecutor(named("control")),
                new LoudScheduler(1, named("controller"), faults),
                Executors.newFixedThreadPool(COORDINATOR_THREADS, named("coordinator")),
                Executors.newFixedThreadPool(LOADER_THREADS, named("loader")),
                Executors.newFixedThreadPool(longWorkThreads(), named("long-work")));
    }

    private static int longWorkThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private List<ExecutorService> executors() {
        return List.of(controller, control, coordinators, loaders, longWork, background, timer);
    }

    private static DefaultThreadFactory named(String name) {
        return new DefaultThreadFactory(name, true);
    }

    /** Lets what runs finish, for a moment. */
    public void stop() {
        for (ExecutorService executor : executors()) {
            executor.shutdown();
        }
        try {
            for (ExecutorService executor : executors()) {
                if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
                    executor.shutdownNow();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transport.group().shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
