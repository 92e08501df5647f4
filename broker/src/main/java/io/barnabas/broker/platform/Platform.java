// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.platform;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.peer.NettyPeerClient;
import io.barnabas.broker.peer.PeerTransport;
import io.barnabas.coordination.event.EventLog;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.meter.Meters;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The machine as a broker sees it. Made once by the process, handed to each floor's assembly; a simulation hands in its
 * own.
 *
 * @param clock the time of day, for what is stored and shown
 * @param ticker monotonic nanoseconds, for deadlines and intervals
 * @param random chance nobody can foresee: ids, jitter, hash keys
 * @param threadFactory makes the few threads that belong to one room, which names them; daemons
 * @param threads the executors all rooms share
 * @param disk where log directories lie
 * @param peers makes connections to other brokers
 * @param events where decisions are told
 * @param meters where what happens is counted
 */
public record Platform(
        Clock clock,
        LongSupplier ticker,
        RandomGenerator random,
        ThreadFactory threadFactory,
        BrokerThreads threads,
        FileSystem disk,
        PeerTransport peers,
        EventSink events,
        Meters meters) {

    /**
     * This machine. Starts the broker's threads.
     *
     * @param faults hears of exceptions that nobody handled on one of the threads
     */
    public static Platform ofThisMachine(BarnabasConfig config, Consumer<Throwable> faults) {
        BrokerThreads threads = BrokerThreads.start(config, faults);
        LongSupplier ticker = System::nanoTime;
        return new Platform(
                Clock.systemUTC(),
                ticker,
                new SecureRandom(),
                Platform::daemon,
                threads,
                FileSystems.getDefault(),
                (settings, setup) ->
                        new NettyPeerClient(threads.transport(), settings, setup, threads.background(), ticker),
                new EventLog(),
                Meters.NONE);
    }

    /** A thread for work of the process itself, before there is a broker or after it. */
    public static Thread thread(String name, Runnable work) {
        return new Thread(work, name);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    /** Ends the threads; what runs may finish, for a moment. */
    public void stop() {
        threads.stop();
    }
}
