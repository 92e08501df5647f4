// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingTest {
    @Test
    void pausesForFiveTimesWhatAQuestionTakes() {
        assertThat(pause(30, 10_000)).isEqualTo(150);
    }

    @Test
    void pausesForNoMoreThanATwentiethOfTheTimeWaited() {
        assertThat(pause(400, 700)).isEqualTo(35);
    }

    @Test
    void pausesAlways() {
        assertThat(pause(0, 10_000)).isEqualTo(10);
        assertThat(pause(400, 0)).isEqualTo(10);
    }

    private static long pause(long lastQuestionMs, long waitedMs) {
        return Waiting.pauseMs(TimeUnit.MILLISECONDS.toNanos(lastQuestionMs), TimeUnit.MILLISECONDS.toNanos(waitedMs));
    }
}
