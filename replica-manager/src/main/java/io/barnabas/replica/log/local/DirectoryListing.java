// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.checkpoint.DurableFiles;
import io.barnabas.replica.log.checkpoint.LeaderEpochCheckpointFile;
import io.barnabas.replica.log.checkpoint.PartitionMetadataFile;
import io.barnabas.replica.log.epoch.LeaderEpochCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * What lies in a log's directory, listed once for all who load the log: of thousands of logs most hold next to nothing, and
 * looking for each file that is not there costs more than all that is.
 */
final class DirectoryListing {
    private final Path directory;
    private final List<String> names;

    private DirectoryListing(Path directory, List<String> names) {
        this.directory = directory;
        this.names = names;
    }

    static DirectoryListing of(Path directory) throws IOException {
        List<String> names = DurableFiles.names(directory);
        names.sort(null);
        return new DirectoryListing(directory, List.copyOf(names));
    }

    /** The files in a directory, sorted by name. */
    static List<Path> files(Path directory) throws IOException {
        List<String> names = of(directory).names();
        List<Path> files = new ArrayList<>(names.size());
        names.forEach(name -> files.add(directory.resolve(name)));
        return files;
    }

    /** The files' names, sorted. */
    List<String> names() {
        return names;
    }

    boolean has(String name) {
        return Collections.binarySearch(names, name) >= 0;
    }

    /** Whether there is a file whose name ends so. */
    boolean hasAnyWith(String suffix) {
        return names.stream().anyMatch(name -> name.endsWith(suffix));
    }

    /** The topic's id as noted here, {@link Uuid#ZERO_UUID} if it is not. */
    Uuid topicId() throws IOException {
        return has(PartitionMetadataFile.NAME) ? PartitionMetadataFile.read(directory) : Uuid.ZERO_UUID;
    }

    /** The leader epochs noted here. */
    LeaderEpochCache epochs() throws IOException {
        return has(LeaderEpochCheckpointFile.NAME)
                ? LeaderEpochCache.load(directory)
                : LeaderEpochCache.empty(directory);
    }
}
