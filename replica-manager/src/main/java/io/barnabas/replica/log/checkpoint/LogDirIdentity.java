// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the {@code meta.properties} of all log directories say together: whom they belong to, and whether that is us.
 * Read once at start, before the logs are.
 */
public final class LogDirIdentity {
    private final Map<Path, Optional<MetaProperties>> found;
    private final List<Path> failed;

    private LogDirIdentity(Map<Path, Optional<MetaProperties>> found, List<Path> failed) {
        this.found = found;
        this.failed = failed;
    }

    /** Reads every directory's file; a directory that cannot be read counts as failed, not as foreign. */
    public static LogDirIdentity read(List<Path> logDirs) {
        Map<Path, Optional<MetaProperties>> found = new LinkedHashMap<>();
        List<Path> failed = new ArrayList<>();
        for (Path logDir : logDirs) {
            try {
                found.put(logDir, Files.isDirectory(logDir) ? MetaProperties.read(logDir) : Optional.empty());
            } catch (IOException e) {
                failed.add(logDir);
            }
        }
        return new LogDirIdentity(found, failed);
    }

    /** Directories whose file could not be read. */
    public List<Path> failed() {
        return List.copyOf(failed);
    }

    /** The broker id the directories name, if one does. */
    public OptionalInt brokerId() {
        for (Optional<MetaProperties> properties : found.values()) {
            if (properties.isPresent() && properties.get().brokerId().isPresent()) {
                return properties.get().brokerId();
            }
        }
        return OptionalInt.empty();
    }

    /** The cluster id the directories name, if one does. */
    public Optional<String> clusterId() {
        return found.values().stream()
                .flatMap(Optional::stream)
                .map(MetaProperties::clusterId)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Checks that every directory belongs to this cluster and broker, or to nobody yet.
     *
     * @param clusterId the cluster the ensemble names
     * @param brokerId the configured broker id; empty if it is to be generated
     * @throws ForeignLogDirException naming the first directory that does not
     */
    public void verify(String clusterId, OptionalInt brokerId) {
        OptionalInt expectedId = brokerId.isPresent() ? brokerId : brokerId();
        found.forEach((logDir, properties) -> properties.ifPresent(it -> {
            Path file = logDir.resolve(MetaProperties.NAME);
            if (it.clusterId().isPresent() && !it.clusterId().get().equals(clusterId)) {
                throw new ForeignLogDirException("Invalid cluster.id in: " + file + ". Expected " + clusterId
                        + ", but read " + it.clusterId().get());
            }
            if (it.brokerId().isPresent() && it.brokerId().getAsInt() != expectedId.getAsInt()) {
                throw new ForeignLogDirException(
                        "Stored broker.id " + it.brokerId().getAsInt()
                                + " doesn't match configured broker.id " + expectedId.getAsInt() + " in " + file
                                + ". If you moved your data, make sure your configured broker.id matches. If you intend to"
                                + " create a new broker, you should remove all data in your data directories (log.dirs).");
            }
        }));
    }

    /** Writes the identity where it is missing or incomplete; creates directories that do not exist. */
    public void claim(String clusterId, int brokerId) throws IOException {
        for (Map.Entry<Path, Optional<MetaProperties>> entry : found.entrySet()) {
            MetaProperties wanted = new MetaProperties(
                    OptionalInt.of(brokerId),
                    Optional.of(clusterId),
                    entry.getValue().flatMap(MetaProperties::directoryId));
            if (!Optional.of(wanted).equals(entry.getValue())) {
                Files.createDirectories(entry.getKey());
                wanted.write(entry.getKey());
            }
        }
    }
}
