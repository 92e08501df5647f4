// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * One of a log directory's files of an offset per partition: recovery points, log start offsets, high watermarks,
 * cleaner points. A write is atomic: a reader sees the old or the new content. One write at a time, which is the owner's to
 * see to.
 */
public final class OffsetCheckpointFile {
    public static final String RECOVERY_POINT = "recovery-point-offset-checkpoint";
    public static final String LOG_START_OFFSET = "log-start-offset-checkpoint";
    public static final String HIGH_WATERMARK = "replication-offset-checkpoint";
    public static final String CLEANER = "cleaner-offset-checkpoint";

    private final Path file;

    /** @param file the checkpoint file, which need not exist */
    public OffsetCheckpointFile(Path file) {
        this.file = file;
    }

    /** What was written last; empty if the file does not exist. */
    public Map<TopicPartition, Long> read() throws IOException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (String[] entry : CheckpointLines.read(file, 3)) {
            int partition = Math.toIntExact(CheckpointLines.number(file, entry[1]));
            offsets.put(new TopicPartition(entry[0], partition), CheckpointLines.number(file, entry[2]));
        }
        return offsets;
    }

    /** Replaces the content, forced to disk. */
    public void write(Map<TopicPartition, Long> offsets) throws IOException {
        List<String> lines = new ArrayList<>(offsets.size());
        offsets.forEach(
                (partition, offset) -> lines.add(partition.topic() + " " + partition.partition() + " " + offset));
        CheckpointLines.write(file, lines, true);
    }
}
