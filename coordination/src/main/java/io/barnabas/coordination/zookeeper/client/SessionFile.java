// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the session's id and password outlive the process, so that the next one can end that session. A file that cannot be
 * read or written costs only waiting for the session timeout after a crash, so it is a warning.
 */
public final class SessionFile {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFile.class);
    private static final String FORMAT = "1";

    private final Path file;

    /** @param file where; it need not exist */
    public SessionFile(Path file) {
        this.file = file;
    }

    /**
     * How a session can be taken over.
     *
     * @param id the session
     * @param passwordHex its password in hexadecimal digits
     */
    public record Credentials(long id, String passwordHex) {
        /** Those of a connected client. */
        public static Credentials of(ZooKeeper zooKeeper) {
            return new Credentials(zooKeeper.getSessionId(), HexFormat.of().formatHex(zooKeeper.getSessionPasswd()));
        }

        /** The password as it was given. */
        public byte[] password() {
            return HexFormat.of().parseHex(passwordHex);
        }

        @Override
        public String toString() {
            return "session 0x" + Long.toHexString(id);
        }
    }

    /** What is kept; empty if nothing is, or nothing that can be understood. */
    public Optional<Credentials> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String[] parts =
                    Files.readString(file, StandardCharsets.US_ASCII).trim().split(" ", -1);
            if (parts.length == 3 && parts[0].equals(FORMAT)) {
                Credentials session = new Credentials(Long.parseUnsignedLong(parts[1], 16), parts[2]);
                return session.password().length == 0 ? Optional.empty() : Optional.of(session);
            }
            LOG.warn("Cannot understand the session file {}; ignoring it", file);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("Cannot read the session file {}; ignoring it: {}", file, e.toString());
        }
        return Optional.empty();
    }

    /** Keeps a session, readable by its owner only. */
    public void write(Credentials session) {
        String line = FORMAT + " " + Long.toHexString(session.id()) + " "
                + HexFormat.of().formatHex(session.password()) + "\n";
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            createPrivate(temporary);
            Files.writeString(temporary, line, StandardCharsets.US_ASCII);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn(
                    "Cannot write the session file {}; a restart after a crash may wait for the session timeout: {}",
                    file,
                    e.toString());
        }
    }

    private static void createPrivate(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("Cannot delete the session file {}: {}", file, e.toString());
        }
    }
}
