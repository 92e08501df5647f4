// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.nio.file.Path;
import java.util.List;

/**
 * One entry of {@code log.dirs} as DescribeLogDirs tells it (KIP-113, KIP-827).
 *
 * @param logDir absolute path
 * @param online false once an IO error took it offline: then nothing else is known
 * @param logs the logs in it, future ones too
 * @param totalBytes size of its volume, -1 if unknown
 * @param usableBytes what is free on it, -1 if unknown
 */
public record LogDirDescription(
        Path logDir, boolean online, List<PartitionLog> logs, long totalBytes, long usableBytes) {
    public LogDirDescription {
        logs = List.copyOf(logs);
    }
}
