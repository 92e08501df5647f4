// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.checkpoint.PartitionMetadataFile;
import io.barnabas.replica.log.file.LogLock;
import io.barnabas.replica.log.segment.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;

/**
 * A log's directory and the topic id noted in it. A log just created may be without one on disk: there is nothing in it
 * to lose. Its directory is made before the first file in it, or a moment after the creation by {@link LateDirectories};
 * a log that goes before that leaves no trace. Plain, and guarded by the log's lock, which its methods take; readers see the
 * place published last.
 */
final class PartitionDirectory implements LogFile.Place {
    private final LogLock lock;
    /** Volatile, as readers take no lock. */
    private volatile Known known;

    private boolean abandoned;

    /** What readers see. */
    private record Known(Path path, Uuid topicId, boolean onDisk) {}

    private PartitionDirectory(Known known, LogLock lock) {
        this.known = known;
        this.lock = lock;
    }

    /** A directory that is there, and the id read in it. */
    static PartitionDirectory existing(Path path, Uuid topicId, LogLock lock) {
        return new PartitionDirectory(new Known(path, topicId, true), lock);
    }

    /** A directory that is to be made. */
    static PartitionDirectory planned(Path path, LogLock lock) {
        return new PartitionDirectory(new Known(path, Uuid.ZERO_UUID, false), lock);
    }

    LogLock lock() {
        return lock;
    }

    Path path() {
        return known.path;
    }

    Uuid topicId() {
        return known.topicId;
    }

    boolean isOnDisk() {
        return known.onDisk;
    }

    /** Makes the directory with what is known of it by now, unless it is there. */
    @Override
    public void prepare() throws IOException {
        if (!known.onDisk) {
            lock.run(this::make);
        }
    }

    private void make() throws IOException {
        Known current = known;
        if (current.onDisk) {
            return;
        }
        if (abandoned) {
            throw new IOException(current.path + " is not made any more: its log is gone");
        }
        if (!Files.isDirectory(current.path)) {
            Files.createDirectory(current.path);
        }
        writeTopicId(current);
        known = new Known(current.path, current.topicId, true);
    }

    /** Notes the topic's id, at once where there is a directory. */
    void assign(Uuid id) throws IOException {
        lock.run(() -> {
            known = new Known(known.path, id, known.onDisk);
            if (known.onDisk) {
                writeTopicId(known);
            }
        });
    }

    private static void writeTopicId(Known known) throws IOException {
        if (!known.topicId.equals(Uuid.ZERO_UUID)) {
            PartitionMetadataFile.write(known.path, known.topicId, false);
        }
    }

    /**
     * Renames the directory; one that is not there is not made any more either.
     *
     * @param sync whether the new name is forced to disk before this returns
     */
    void rename(Path target, boolean sync) throws IOException {
        lock.run(() -> {
            if (known.onDisk) {
                DurableFiles.move(known.path, target, sync);
            } else {
                abandoned = true;
            }
            known = new Known(target, known.topicId, known.onDisk);
        });
    }

    /** From now on a directory that is not there is not made. */
    void abandon() {
        lock.run(() -> abandoned = true);
    }
}
