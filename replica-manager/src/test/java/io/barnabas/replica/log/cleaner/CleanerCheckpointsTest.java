// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanerCheckpointsTest {
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final TopicPartition A10 = new TopicPartition("a", 10);

    @TempDir
    Path dir;

    @TempDir
    Path other;

    private final List<Path> failed = new ArrayList<>();

    @Test
    void writesKafkasFormat() throws IOException {
        CleanerCheckpoints checkpoints = checkpoints();
        checkpoints.update(dir, A10, 42, Set.of(A0, A10), () -> true);
        checkpoints.update(dir, A0, 7, Set.of(A0, A10), () -> true);

        assertThat(Files.readString(dir.resolve("cleaner-offset-checkpoint"))).isEqualTo("0\n2\na 0 7\na 10 42\n");
        assertThat(checkpoints().get(dir, A10)).hasValue(42);
    }

    @Test
    void forgetsPartitionsThatAreGone() throws IOException {
        CleanerCheckpoints checkpoints = checkpoints();
        checkpoints.update(dir, A10, 42, Set.of(A10), () -> true);
        checkpoints.update(dir, A0, 7, Set.of(A0), () -> true);

        assertThat(Files.readString(dir.resolve("cleaner-offset-checkpoint"))).isEqualTo("0\n1\na 0 7\n");
    }

    @Test
    void isLoweredButNeverRaisedByTruncation() {
        CleanerCheckpoints checkpoints = checkpoints();
        checkpoints.lower(dir, A0, 5);
        assertThat(checkpoints.get(dir, A0)).isEmpty();

        checkpoints.update(dir, A0, 42, Set.of(A0), () -> true);
        checkpoints.lower(dir, A0, 50);
        assertThat(checkpoints.get(dir, A0)).hasValue(42);
        checkpoints.lower(dir, A0, 30);
        assertThat(checkpoints().get(dir, A0)).hasValue(30);
    }

    @Test
    void notesNothingForALogThatWasCutMeanwhile() {
        CleanerCheckpoints checkpoints = checkpoints();
        checkpoints.update(dir, A0, 42, Set.of(A0), () -> false);

        assertThat(checkpoints.get(dir, A0)).isEmpty();
    }

    @Test
    void movesWithTheLog() {
        CleanerCheckpoints checkpoints = checkpoints();
        checkpoints.update(dir, A0, 42, Set.of(A0), () -> true);
        checkpoints.move(A0, dir, other);

        assertThat(checkpoints().get(dir, A0)).isEmpty();
        assertThat(checkpoints().get(other, A0)).hasValue(42);
    }

    @Test
    void whatCannotBeReadCountsAsNothing() throws IOException {
        Files.writeString(dir.resolve("cleaner-offset-checkpoint"), "0\n3\nbroken\n");

        assertThat(checkpoints().get(dir, A0)).isEmpty();
        assertThat(failed).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeWrittenFailsOnce() {
        Path gone = dir.resolve("gone");
        CleanerCheckpoints checkpoints = checkpoints();
        checkpoints.update(gone, A0, 42, Set.of(A0), () -> true);
        checkpoints.update(gone, A0, 43, Set.of(A0), () -> true);

        assertThat(failed).containsExactly(gone);
    }

    private CleanerCheckpoints checkpoints() {
        return new CleanerCheckpoints((path, what, cause) -> failed.add(path));
    }
}
