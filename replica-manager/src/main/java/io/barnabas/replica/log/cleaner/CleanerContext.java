// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.local.LocalPartitionLog;
import io.barnabas.replica.log.local.StorageFailures;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/** What all cleaner threads share. */
final class CleanerContext {
    private final Supplier<? extends Collection<LocalPartitionLog>> logs;
    private final StorageFailures failures;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final EventSink events;
    private final CleaningLedger ledger = new CleaningLedger();
    private final CleanerCheckpoints checkpoints;
    private final IoThrottle throttle;
    /** Volatile: replaced by whichever thread looked last, read for metrics. */
    private volatile Look lastLook;

    CleanerContext(
            Supplier<? extends Collection<LocalPartitionLog>> logs,
            StorageFailures failures,
            InstantSource clock,
            LongSupplier ticker,
            double bytesPerSecond,
            EventSink events) {
        this.logs = logs;
        this.failures = failures;
        this.clock = clock;
        this.ticker = ticker;
        this.events = events;
        this.checkpoints = new CleanerCheckpoints(failures);
        this.throttle = new IoThrottle(bytesPerSecond, ticker.getAsLong());
        this.lastLook = new Look(0.0, clock.millis());
    }

    /** What a thread found when it went through the logs. */
    private record Look(double dirtiestRatio, long atMs) {}

    Supplier<? extends Collection<LocalPartitionLog>> logs() {
        return logs;
    }

    /** The partitions there is a current log of. */
    Set<TopicPartition> partitions() {
        Set<TopicPartition> partitions = new HashSet<>();
        logs.get().forEach(log -> partitions.add(log.topicPartition()));
        return partitions;
    }

    StorageFailures failures() {
        return failures;
    }

    InstantSource clock() {
        return clock;
    }

    LongSupplier ticker() {
        return ticker;
    }

    EventSink events() {
        return events;
    }

    CleaningLedger ledger() {
        return ledger;
    }

    CleanerCheckpoints checkpoints() {
        return checkpoints;
    }

    IoThrottle throttle() {
        return throttle;
    }

    /** A thread went through the logs. */
    void looked(double dirtiest) {
        lastLook = new Look(dirtiest, clock.millis());
    }

    double dirtiestRatio() {
        return lastLook.dirtiestRatio;
    }

    long sinceLastLookMs() {
        return clock.millis() - lastLook.atMs;
    }
}
