// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.replica.log.index.OffsetIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LazyFileTest {
    @TempDir
    Path dir;

    private final LogLock lock = new LogLock();
    private Path path;

    @BeforeEach
    void write() throws IOException {
        path = Files.writeString(dir.resolve("00.log"), "records");
    }

    private LazyFile existing() {
        return new LazyFile(
                path, lock, name -> FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE), true);
    }

    @Test
    void opensTheFileByItsNewestName() throws IOException {
        LazyFile file = existing();
        Path renamed = dir.resolve("00.log.deleted");

        file.renameTo(renamed);

        assertThat(file.isOpen()).isFalse();
        assertThat(file.channel().size()).isEqualTo(7L);
        assertThat(file.path()).isEqualTo(renamed);
        assertThat(path).doesNotExist();
        file.close();
    }

    @Test
    void staysOpenWhenItIsRenamed() throws IOException {
        LazyFile file = existing();
        FileChannel before = file.channel();

        file.renameTo(dir.resolve("00.log.deleted"));

        assertThat(file.channel()).isSameAs(before);
        file.close();
    }

    @Test
    void isNotOpenedAfterItWasClosed() throws IOException {
        LazyFile file = existing();

        file.close();

        assertThatThrownBy(file::channel).isInstanceOf(ClosedChannelException.class);
        assertThat(file.deleteIfExists()).isTrue();
    }

    @Test
    void makesAFileThatIsNotThereWhenItIsFirstNeeded() throws IOException {
        Path later = dir.resolve("later.log");
        LazyFile file = new LazyFile(
                later,
                lock,
                name -> FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                false);

        assertThat(file.isOnDisk()).isFalse();
        assertThat(file.channel().size()).isZero();
        assertThat(file.isOnDisk()).isTrue();
        assertThat(later).exists();
        file.close();
    }

    @Test
    void anIndexIsForcedToDiskWhileOthersHoldTheLock() throws Exception {
        OffsetIndex index = new OffsetIndex(dir.resolve("00.index"), 0L, 1024, lock);
        index.append(5L, 100);
        index.flush();

        lock.lock();
        try {
            CompletableFuture.runAsync(() -> force(index)).get(30, TimeUnit.SECONDS);
        } finally {
            lock.unlock();
        }
        index.close();
    }

    private static void force(OffsetIndex index) {
        try {
            index.force();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
