// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StolenTimeTest {
    @TempDir
    Path directory;

    @Test
    void tellsTheHostsShareSinceTheLastQuestion() throws IOException {
        StolenTime stolen = new StolenTime(stat("cpu  100 0 100 700 0 0 0 100 7 7"));

        stat("cpu  140 0 110 720 0 0 0 130 9 9");
        assertThat(stolen.percent()).isEqualTo(30.0);

        stat("cpu  140 0 110 820 0 0 0 130 9 9");
        assertThat(stolen.percent()).isZero();
    }

    @Test
    void knowsNothingWhereNoHostTakesAny() throws IOException {
        StolenTime onMetal = new StolenTime(stat("cpu  100 0 100 700 0 0 0 0 7 7"));
        stat("cpu  200 0 100 700 0 0 0 0 7 7");
        assertThat(onMetal.percent()).isNaN();

        assertThat(new StolenTime(directory.resolve("none")).percent()).isNaN();
        assertThat(new StolenTime(stat("cpu  1 2 3")).percent()).isNaN();
    }

    private Path stat(String first) throws IOException {
        return Files.writeString(directory.resolve("stat"), first + "\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
    }
}
