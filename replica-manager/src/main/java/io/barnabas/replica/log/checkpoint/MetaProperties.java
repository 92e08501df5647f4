// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * {@code meta.properties} of a log directory, version 0 (ZooKeeper mode): whom the directory belongs to.
 *
 * @param brokerId {@code broker.id}, if it was written
 * @param clusterId {@code cluster.id}, if it was written
 * @param directoryId {@code directory.id} (KIP-858), kept if it is there
 */
public record MetaProperties(OptionalInt brokerId, Optional<String> clusterId, Optional<String> directoryId) {
    public static final String NAME = "meta.properties";

    /**
     * The directory's file, if there is one.
     *
     * @throws IOException if it cannot be read, or is of another version (a KRaft broker's)
     */
    public static Optional<MetaProperties> read(Path logDir) throws IOException {
        Path file = logDir.resolve(NAME);
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String version = properties.getProperty("version", "0").trim();
        if (!version.equals("0")) {
            throw new IOException("Found unexpected version in " + file
                    + ". ZK-based brokers require version 0, but read " + version);
        }
        return Optional.of(new MetaProperties(
                brokerId(file, properties),
                Optional.ofNullable(properties.getProperty("cluster.id")),
                Optional.ofNullable(properties.getProperty("directory.id"))));
    }

    /** Writes the file, forced to disk. */
    public void write(Path logDir) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("version", "0");
        brokerId.ifPresent(id -> properties.setProperty("broker.id", Integer.toString(id)));
        clusterId.ifPresent(id -> properties.setProperty("cluster.id", id));
        directoryId.ifPresent(id -> properties.setProperty("directory.id", id));
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        properties.store(out, "");
        DurableFiles.replace(logDir.resolve(NAME), out.toByteArray(), true);
    }

    private static OptionalInt brokerId(Path file, Properties properties) throws IOException {
        String text = properties.getProperty("broker.id");
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text.trim()));
        } catch (NumberFormatException e) {
            throw new IOException("Unable to parse broker.id '" + text + "' in " + file, e);
        }
    }
}
