// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import io.barnabas.replica.log.EpochEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@code leader-epoch-checkpoint}: a line per leader epoch with the offset it begins at. */
public final class LeaderEpochCheckpointFile {
    public static final String NAME = "leader-epoch-checkpoint";

    private LeaderEpochCheckpointFile() {}

    /** The epochs of the log in that directory; none if there is no file. */
    public static List<EpochEntry> read(Path logDirectory) throws IOException {
        Path file = logDirectory.resolve(NAME);
        List<EpochEntry> entries = new ArrayList<>();
        for (String[] entry : CheckpointLines.read(file, 2)) {
            entries.add(new EpochEntry(
                    Math.toIntExact(CheckpointLines.number(file, entry[0])), CheckpointLines.number(file, entry[1])));
        }
        return entries;
    }

    /** Replaces the content. */
    public static void write(Path logDirectory, Collection<EpochEntry> epochs, boolean sync) throws IOException {
        List<String> lines = new ArrayList<>(epochs.size());
        for (EpochEntry entry : epochs) {
            lines.add(entry.epoch() + " " + entry.startOffset());
        }
        CheckpointLines.write(logDirectory.resolve(NAME), lines, sync);
    }
}
