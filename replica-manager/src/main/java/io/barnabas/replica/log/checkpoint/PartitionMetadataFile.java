// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** {@code partition.metadata}: the id of the topic a log belongs to (KIP-516). */
public final class PartitionMetadataFile {
    public static final String NAME = "partition.metadata";
    private static final String VERSION = "version: ";
    private static final String TOPIC_ID = "topic_id: ";

    private PartitionMetadataFile() {}

    /** The topic's id, {@link Uuid#ZERO_UUID} if the log has no such file. */
    public static Uuid read(Path logDirectory) throws IOException {
        Path file = logDirectory.resolve(NAME);
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Uuid.ZERO_UUID;
        }
        if (lines.size() != 2
                || !lines.get(0).startsWith(VERSION)
                || !lines.get(1).startsWith(TOPIC_ID)) {
            throw new IOException("Malformed line in partition metadata file " + file + ": " + lines);
        }
        if (!lines.get(0).equals(VERSION + "0")) {
            throw new IOException("Unrecognized version of partition metadata file " + file + ": " + lines.get(0));
        }
        Uuid topicId = parse(file, lines.get(1).substring(TOPIC_ID.length()).trim());
        if (topicId.equals(Uuid.ZERO_UUID)) {
            throw new IOException("Invalid topic ID in partition metadata file (" + file + ")");
        }
        return topicId;
    }

    /** Writes the file, forced to disk if {@code sync}. */
    public static void write(Path logDirectory, Uuid topicId, boolean sync) throws IOException {
        String content = VERSION + "0\n" + TOPIC_ID + topicId;
        DurableFiles.replace(logDirectory.resolve(NAME), content.getBytes(StandardCharsets.UTF_8), sync);
    }

    private static Uuid parse(Path file, String text) throws IOException {
        try {
            return Uuid.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("Malformed topic id '" + text + "' in partition metadata file " + file, e);
        }
    }
}
