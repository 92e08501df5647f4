// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/** The cleaner threads of one configuration. A change of configuration makes others. */
final class CleanerThreads {
    private final List<CleanerWorker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    CleanerThreads(CleanerContext context, CleanerConfig config, RandomGenerator random, ThreadFactory factory) {
        for (int i = 0; i < config.threads(); i++) {
            CleanerWorker worker = new CleanerWorker(context, config, KeyHash.random(random));
            Thread thread = factory.newThread(worker);
            thread.setName("kafka-log-cleaner-thread-" + i);
            workers.add(worker);
            threads.add(thread);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Tells the threads to end soon; does not wait. */
    void stop() {
        workers.forEach(CleanerWorker::stop);
    }

    /** Waits until the threads have ended. */
    void join() {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    List<CleanerWorker> workers() {
        return workers;
    }

    int dead() {
        return (int) threads.stream().filter(thread -> !thread.isAlive()).count();
    }
}
