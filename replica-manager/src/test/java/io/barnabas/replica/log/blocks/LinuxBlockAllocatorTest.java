// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.log.DiskBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LinuxBlockAllocatorTest {
    private static final int MIB = 1024 * 1024;

    @TempDir
    Path dir;

    private final BlockAllocator allocator = BlockAllocator.ofThisSystem();

    @Test
    void blocksAreThereAndSizeAndContentAsBefore() throws IOException {
        Path file = Files.writeString(dir.resolve("größe.log"), "records");

        assertThat(allocator.reserve(file, 7L, 8L * MIB)).isTrue();

        assertThat(DiskBlocks.bytes(file)).isGreaterThanOrEqualTo(8L * MIB);
        assertThat(Files.readString(file)).isEqualTo("records");
    }

    @Test
    void whatCannotBeReservedIsSaidAndDoesNotEndIt() throws IOException {
        Path file = Files.writeString(dir.resolve("a.log"), "records");

        assertThat(allocator.reserve(dir.resolve("gone.log"), 0L, MIB)).isFalse();
        assertThat(dir.resolve("gone.log")).doesNotExist();
        assertThat(allocator.reserve(file, 7L, 1L << 60)).isFalse();
        assertThat(allocator.reserve(file, 7L, MIB)).isTrue();
    }
}
