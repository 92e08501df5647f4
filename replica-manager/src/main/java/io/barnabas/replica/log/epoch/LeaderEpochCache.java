// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.epoch;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.replica.log.EpochEndOffset;
import io.barnabas.replica.log.EpochEntry;
import io.barnabas.replica.log.checkpoint.LeaderEpochCheckpointFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where each leader epoch begins. The log changes it under its lock; any thread may ask: readers see one immutable
 * array.
 *
 * <p>A change is in memory at once and in {@code leader-epoch-checkpoint} after {@link #flush}: the log flushes in the
 * background soon after a change, and for sure before it forces records to disk. What a crash takes with it is found
 * again in the batches, which carry their epoch.
 */
public final class LeaderEpochCache {
    /** Volatile, as readers and whoever writes the checkpoint take no lock. */
    private volatile Published published;

    private Path directory;
    private long writtenVersion;

    /** The epochs in order, and how often they changed. */
    private static final class Published {
        private final EpochEntry[] epochs;
        private final long version;

        private Published(EpochEntry[] epochs, long version) {
            this.epochs = epochs;
            this.version = version;
        }
    }

    private LeaderEpochCache(Path directory, EpochEntry[] epochs) {
        this.directory = directory;
        this.published = new Published(epochs, 0L);
    }

    /** The cache of a log just created: it knows no epoch, and reads nothing. */
    public static LeaderEpochCache empty(Path directory) {
        return new LeaderEpochCache(directory, new EpochEntry[0]);
    }

    /** Reads the checkpoint of the log in that directory. */
    public static LeaderEpochCache load(Path directory) throws IOException {
        LeaderEpochCache cache = empty(directory);
        for (EpochEntry entry : LeaderEpochCheckpointFile.read(directory)) {
            cache.assign(entry.epoch(), entry.startOffset());
        }
        cache.writtenVersion = cache.published.version;
        return cache;
    }

    /**
     * Notes that an epoch begins at an offset. Epochs that begin there or later, or are not older, give way.
     *
     * @return whether anything changed
     */
    public boolean assign(int epoch, long startOffset) {
        if (epoch < 0 || startOffset < 0) {
            throw new IllegalArgumentException(
                    "Received invalid partition leader epoch entry: epoch " + epoch + " at offset " + startOffset);
        }
        EpochEntry[] current = published.epochs;
        int last = current.length - 1;
        if (last >= 0 && current[last].epoch() == epoch && startOffset >= current[last].startOffset()) {
            return false;
        }
        List<EpochEntry> kept = new ArrayList<>(current.length + 1);
        for (EpochEntry entry : current) {
            if (entry.epoch() < epoch && entry.startOffset() < startOffset) {
                kept.add(entry);
            }
        }
        kept.add(new EpochEntry(epoch, startOffset));
        publish(kept);
        return true;
    }

    /** Whether no epoch is known. */
    public boolean isEmpty() {
        return published.epochs.length == 0;
    }

    /** The last epoch, -1 if there is none. */
    public int latest() {
        EpochEntry[] current = published.epochs;
        return current.length == 0 ? EpochEndOffset.UNDEFINED_EPOCH : current[current.length - 1].epoch();
    }

    /** All epochs in order. */
    public List<EpochEntry> entries() {
        return List.of(published.epochs);
    }

    /**
     * The end of the largest epoch not above the requested one.
     *
     * @param logEndOffset where the last epoch ends
     * @return empty if the request lies beyond the last epoch, or before the first (KIP-279)
     */
    public Optional<EpochEndOffset> endOffsetFor(int requestedEpoch, long logEndOffset) {
        EpochEntry[] current = published.epochs;
        if (requestedEpoch == EpochEndOffset.UNDEFINED_EPOCH || current.length == 0) {
            return Optional.empty();
        }
        int last = current.length - 1;
        if (requestedEpoch == current[last].epoch()) {
            return Optional.of(new EpochEndOffset(requestedEpoch, logEndOffset));
        }
        if (requestedEpoch > current[last].epoch()) {
            return Optional.empty();
        }
        int floor = floorByEpoch(current, requestedEpoch);
        if (floor < 0) {
            // older than all we know: the follower must go back to where our first epoch begins
            return Optional.of(new EpochEndOffset(requestedEpoch, current[0].startOffset()));
        }
        return Optional.of(new EpochEndOffset(current[floor].epoch(), current[floor + 1].startOffset()));
    }

    /** The epoch an offset belongs to, if it does not lie before the first. */
    public OptionalInt epochForOffset(long offset) {
        EpochEntry[] current = published.epochs;
        for (int i = current.length - 1; i >= 0; i--) {
            if (current[i].startOffset() <= offset) {
                return OptionalInt.of(current[i].epoch());
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Removes epochs that begin at or after an offset.
     *
     * @return whether there were any
     */
    @CanIgnoreReturnValue
    public boolean truncateFromEnd(long endOffset) {
        EpochEntry[] current = published.epochs;
        if (endOffset < 0 || current.length == 0 || current[current.length - 1].startOffset() < endOffset) {
            return false;
        }
        List<EpochEntry> kept = new ArrayList<>(current.length);
        for (EpochEntry entry : current) {
            if (entry.startOffset() < endOffset) {
                kept.add(entry);
            }
        }
        publish(kept);
        return true;
    }

    /**
     * Forgets epochs that end before the log starts; the one the start lies in begins there from now on.
     *
     * @return whether anything changed
     */
    @CanIgnoreReturnValue
    public boolean truncateFromStart(long startOffset) {
        EpochEntry[] current = published.epochs;
        List<EpochEntry> kept = new ArrayList<>(current.length);
        EpochEntry covering = null;
        for (EpochEntry entry : current) {
            if (entry.startOffset() <= startOffset) {
                covering = entry;
            } else {
                kept.add(entry);
            }
        }
        if (covering == null || (covering.startOffset() == startOffset && covering.equals(current[0]))) {
            return false;
        }
        kept.add(0, new EpochEntry(covering.epoch(), startOffset));
        publish(kept);
        return true;
    }

    /** Forgets all epochs, on disk too. */
    public void clear() {
        if (published.epochs.length > 0) {
            publish(List.of());
        }
    }

    /** Renames the log's directory. */
    @FunctionalInterface
    public interface Renaming {
        /** Does it; may fail as the disk does. */
        void run() throws IOException;
    }

    /**
     * Writes the checkpoint if something changed. Synchronised, and not under the log's lock, because forcing the file to
     * disk takes long: one writes at a time, and not while the directory gets another name. The monitor is the innermost.
     *
     * @param sync whether the file is forced to disk
     */
    public synchronized void flush(boolean sync) throws IOException {
        Published current = published;
        if (current.version != writtenVersion) {
            LeaderEpochCheckpointFile.write(directory, List.of(current.epochs), sync);
            writtenVersion = current.version;
        }
    }

    /** Renames the log's directory while nobody writes to it; synchronised for that. */
    public synchronized void renameDirectory(Path target, Renaming renaming) throws IOException {
        renaming.run();
        directory = target;
    }

    private void publish(List<EpochEntry> entries) {
        published = new Published(entries.toArray(new EpochEntry[0]), published.version + 1);
    }

    private static int floorByEpoch(EpochEntry[] entries, int epoch) {
        int floor = -1;
        while (floor + 1 < entries.length && entries[floor + 1].epoch() <= epoch) {
            floor++;
        }
        return floor;
    }
}
