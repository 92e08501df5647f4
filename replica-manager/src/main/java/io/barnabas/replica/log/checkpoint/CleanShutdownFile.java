// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * {@code .kafka_cleanshutdown}: there while nothing needs recovery; holds the broker epoch that shut down. Older
 * brokers left it empty.
 */
public final class CleanShutdownFile {
    public static final String NAME = ".kafka_cleanshutdown";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    /** @param logDir the log directory it marks */
    public CleanShutdownFile(Path logDir) {
        this.file = logDir.resolve(NAME);
    }

    /** Whether the last shutdown was clean. */
    public boolean exists() {
        return Files.exists(file);
    }

    /** @param brokerEpoch the broker epoch, -1 if it is not known */
    public void write(long brokerEpoch) throws IOException {
        String content = "{\"version\":0,\"brokerEpoch\":" + brokerEpoch + "}";
        DurableFiles.replace(file, content.getBytes(StandardCharsets.UTF_8), true);
    }

    /** The broker epoch it holds, if there is a marker that tells one. */
    public OptionalLong readBrokerEpoch() {
        try {
            JsonNode content = JSON.readTree(Files.readAllBytes(file));
            JsonNode epoch = content.path("brokerEpoch");
            return epoch.isIntegralNumber() ? OptionalLong.of(epoch.asLong()) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Removes the file: from now on a stop that is not clean is recognized. */
    public void delete() throws IOException {
        if (Files.deleteIfExists(file)) {
            DurableFiles.syncDirectory(file.getParent());
        }
    }
}
