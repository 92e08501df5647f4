// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many bytes of records a log directory may still take, so that some room is left for all else: indexes, snapshots,
 * checkpoints, and the deletions that make room again. The volume is looked at now and then; in between, what is appended
 * is counted. Thread-safe; {@link #claim} costs an addition.
 */
final class DiskSpace {
    /** Looks at a volume. */
    @FunctionalInterface
    interface Volume {
        /** Bytes that can still be written. */
        long usableBytes() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

    /** There is plenty for something if there is room for it so many times. */
    private static final int PLENTY = 64;

    private final Path directory;
    private final long reserveBytes;
    private final Volume volume;
    private final EventSink events;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private final AtomicBoolean full = new AtomicBoolean();

    /** @param reserveBytes what records must leave; 0 for no limit, so that a full disk is a failed one, as in Kafka */
    DiskSpace(Path directory, long reserveBytes, Volume volume, EventSink events) {
        this.directory = directory;
        this.reserveBytes = reserveBytes;
        this.volume = volume;
        this.events = events;
    }

    /** Room without end, for logs on their own. */
    static DiskSpace unlimited() {
        return new DiskSpace(Path.of(""), 0L, () -> Long.MAX_VALUE, EventSink.NONE);
    }

    boolean isLimited() {
        return reserveBytes > 0;
    }

    boolean isFull() {
        return full.get();
    }

    /** @throws DiskFullException if that many bytes may not be appended now */
    void claim(int bytes) {
        if (!isLimited()) {
            return;
        }
        if (full.get() || left.addAndGet(-bytes) < 0) {
            fill("less than " + reserveBytes + " bytes would be left");
            throw full();
        }
    }

    /** Whether a write failed only for want of room, with a reserve kept against that; then the directory is full. */
    boolean isExhausted(IOException cause) {
        if (!isLimited() || !isNoSpace(cause)) {
            return false;
        }
        fill(String.valueOf(cause.getMessage()));
        return true;
    }

    /** Whether so much is free that these bytes, reserved before they are needed, will not be missed by others. */
    boolean hasPlentyFor(long bytes) {
        try {
            return !full.get() && (volume.usableBytes() - reserveBytes) / PLENTY >= bytes;
        } catch (IOException e) {
            LOG.debug("The room left in {} cannot be told", directory, e);
            return false;
        }
    }

    DiskFullException full() {
        return new DiskFullException("No room for records in " + directory);
    }

    private void fill(String why) {
        if (!full.compareAndSet(false, true)) {
            return;
        }
        events.record(
                new LogEvents.LogDirFull(directory, reserveBytes, why + "; records are refused until there is room"));
    }

    /** Looks at the volume. A quarter more than the reserve has to be free before records are taken again. */
    void look() {
        if (!isLimited()) {
            return;
        }
        try {
            judge(volume.usableBytes());
        } catch (IOException e) {
            LOG.debug("The room left in {} cannot be told", directory, e);
        }
    }

    private void judge(long usable) {
        if (usable < reserveBytes) {
            fill("only " + usable + " bytes are left");
        } else if (full.get() && usable >= reserveBytes + reserveBytes / 4) {
            empty(usable);
        } else {
            left.set(usable - reserveBytes);
        }
    }

    private void empty(long usable) {
        left.set(usable - reserveBytes);
        full.set(false);
        events.record(new LogEvents.LogDirHasRoom(directory, usable, "records are taken again"));
    }

    /** Whether a write failed for want of room, or of quota. */
    static boolean isNoSpace(IOException e) {
        String message = e.getMessage();
        return message != null && (message.contains("No space left") || message.contains("quota exceeded"));
    }
}
