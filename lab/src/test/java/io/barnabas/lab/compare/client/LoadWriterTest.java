// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.compare.client.LoadWriter.Pace;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadWriterTest {
    private static final long MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    @Test
    void recordsAreDueAtEvenDistances() {
        Pace pace = new Pace(5_000, 0);

        assertThat(due(pace, 0, 3)).containsExactly(0, 200 * MICRO, 400 * MICRO);
        assertThat(due(pace, 5_000, 5_001)).containsExactly(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void whatFallsDueWithinABurstIsDueAtItsEnd() {
        long burst = 2_000 * MICRO;
        Pace pace = new Pace(5_000, burst);

        assertThat(due(pace, 0, 1)).containsExactly(0);
        assertThat(due(pace, 1, 11)).hasSize(10).containsOnly(burst);
        assertThat(due(pace, 11, 21)).hasSize(10).containsOnly(2 * burst);
    }

    private static long[] due(Pace pace, long from, long to) {
        return LongStream.range(from, to).map(pace::afterNanos).toArray();
    }
}
