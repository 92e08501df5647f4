// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.membership.StartupException;
import io.barnabas.replica.log.checkpoint.LogDirLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirGuardTest {
    @TempDir
    Path home;

    @Test
    void holdsTheLocksUntilItIsClosed() throws IOException {
        Path directory = home.resolve("new");
        LogDirGuard guard = LogDirGuard.acquire(List.of(directory));

        assertThat(LogDirLock.tryLock(directory)).isEmpty();

        guard.close();
        LogDirLock mine = LogDirLock.tryLock(directory).orElseThrow();
        mine.close();
    }

    @Test
    void keepsOutOfADirectoryThatAnotherProcessUses() throws IOException {
        Path free = home.resolve("free");
        Path used = Files.createDirectory(home.resolve("used"));
        try (LogDirLock other = LogDirLock.tryLock(used).orElseThrow()) {
            assertThat(other).isNotNull();
            assertThatThrownBy(() -> LogDirGuard.acquire(List.of(free, used)))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(used.toString())
                    .hasMessageContaining(".lock");
        }
        try (LogDirGuard again = LogDirGuard.acquire(List.of(free, used))) {
            assertThat(again.usable()).containsExactly(free, used);
        }
    }

    @Test
    void leavesOutADirectoryThatCannotBeUsedWhileAnotherCan() throws IOException {
        Path file = Files.createFile(home.resolve("file"));
        Path good = home.resolve("good");

        try (LogDirGuard guard = LogDirGuard.acquire(List.of(file, good))) {
            assertThat(guard.usable()).containsExactly(good);
        }
        assertThatThrownBy(() -> LogDirGuard.acquire(List.of(file)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("log.dirs");
    }
}
