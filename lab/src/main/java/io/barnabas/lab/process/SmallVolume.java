// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A volume of a few megabytes that can be filled to the last byte and emptied again. Lies in memory; mounting it takes
 * root. Unmounted when closed, or when this JVM ends. Owned by the test's thread.
 */
public final class SmallVolume implements AutoCloseable {
    private static final int BLOCK_BYTES = 4096;

    private final Path path;
    private final Path ballast;
    private final Thread lastResort = new Thread(this::unmount, "unmount");
    private boolean mounted = true;

    private SmallVolume(Path path) {
        this.path = path;
        this.ballast = path.resolve("ballast");
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** Mounts a volume; empty where this user may not. */
    public static Optional<SmallVolume> mount(Path path, int megabytes) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", path.toString())
                ? Optional.of(new SmallVolume(path))
                : Optional.empty();
    }

    public Path path() {
        return path;
    }

    /** Writes until not one more byte fits. */
    public void fill() {
        try (FileChannel file = FileChannel.open(
                ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            while (file.write(block.clear()) > 0) {
                // until there is no space left
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Takes away what {@link #fill} wrote. */
    public void empty() {
        try {
            Files.deleteIfExists(ballast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(lastResort);
        unmount();
    }

    private synchronized void unmount() {
        if (mounted) {
            mounted = !run("umount", "-l", path.toString());
        }
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
