// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.checkpoint.PartitionMetadataFile;
import io.barnabas.replica.log.segment.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;

/**
 * A log's directory and the topic id noted in it. A log just created may be without one on disk: there is nothing in it
 * to lose. Its directory is made before the first file in it, or a moment after the creation by {@link LateDirectories};
 * a log that goes before that leaves no trace. Thread-safe; its monitor is the innermost.
 */
final class LogHome implements LogFile.Place {
    private volatile Path path;
    private volatile Uuid topicId;
    private volatile boolean onDisk;
    private boolean abandoned;

    private LogHome(Path path, Uuid topicId, boolean onDisk) {
        this.path = path;
        this.topicId = topicId;
        this.onDisk = onDisk;
    }

    /** A directory that is there, and the id read in it. */
    static LogHome existing(Path path, Uuid topicId) {
        return new LogHome(path, topicId, true);
    }

    /** A directory that is to be made. */
    static LogHome planned(Path path) {
        return new LogHome(path, Uuid.ZERO_UUID, false);
    }

    Path path() {
        return path;
    }

    Uuid topicId() {
        return topicId;
    }

    boolean isOnDisk() {
        return onDisk;
    }

    /** Makes the directory with what is known of it by now, unless it is there. */
    @Override
    public synchronized void prepare() throws IOException {
        if (onDisk) {
            return;
        }
        if (abandoned) {
            throw new IOException(path + " is not made any more: its log is gone");
        }
        if (!Files.isDirectory(path)) {
            Files.createDirectory(path);
        }
        writeTopicId();
        onDisk = true;
    }

    /** Notes the topic's id, at once where there is a directory. */
    synchronized void assign(Uuid id) throws IOException {
        topicId = id;
        if (onDisk) {
            writeTopicId();
        }
    }

    private void writeTopicId() throws IOException {
        if (!topicId.equals(Uuid.ZERO_UUID)) {
            PartitionMetadataFile.write(path, topicId, false);
        }
    }

    /**
     * Renames the directory; one that is not there is not made any more either.
     *
     * @param sync whether the new name is forced to disk before this returns
     */
    synchronized void rename(Path target, boolean sync) throws IOException {
        if (onDisk) {
            DurableFiles.move(path, target, sync);
        } else {
            abandoned = true;
        }
        path = target;
    }

    /** From now on a directory that is not there is not made. */
    synchronized void abandon() {
        abandoned = true;
    }
}
