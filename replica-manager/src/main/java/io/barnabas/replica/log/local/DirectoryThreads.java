// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * {@code num.recovery.threads.per.data.dir}: threads that load or close the logs of one directory.
 *
 * @param factory makes them
 * @param perDirectory how many each directory gets, at least 1
 */
record DirectoryThreads(ThreadFactory factory, int perDirectory) {
    /**
     * Threads for a directory, made as jobs come; the caller shuts them down.
     *
     * @param purpose what the threads' names begin with
     */
    ExecutorService pool(String purpose, Path directory) {
        return new ThreadPoolExecutor(
                perDirectory, perDirectory, 0L, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), job -> {
                    Thread thread = factory.newThread(job);
                    thread.setName(purpose + "-" + directory);
                    return thread;
                });
    }
}
