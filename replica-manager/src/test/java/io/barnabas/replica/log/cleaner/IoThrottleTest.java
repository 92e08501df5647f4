// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IoThrottleTest {
    @Test
    void waitsAsLongAsTheBytesWereTooMany() {
        IoThrottle throttle = new IoThrottle(1_000.0, 0L);

        assertThat(throttle.observe(500, ms(100))).isZero();
        assertThat(throttle.observe(500, ms(400))).isEqualTo(ms(600));
    }

    @Test
    void otherThreadsWaitForTheSamePeriodToEnd() {
        IoThrottle throttle = new IoThrottle(1_000.0, 0L);
        assertThat(throttle.observe(1_000, ms(400))).isEqualTo(ms(600));

        assertThat(throttle.observe(1, ms(500))).isEqualTo(ms(500));
    }

    @Test
    void neverWaitsWithoutALimit() {
        IoThrottle throttle = new IoThrottle(Double.MAX_VALUE, 0L);

        for (int i = 1; i < 100; i++) {
            assertThat(throttle.observe(Integer.MAX_VALUE, ms(i * 100L))).isZero();
        }
    }

    @Test
    void keepsToTheRateOverTime() {
        IoThrottle throttle = new IoThrottle(10_000.0, 0L);
        long now = 0;
        long bytes = 0;
        while (now < TimeUnit.SECONDS.toNanos(20)) {
            now += ms(1);
            bytes += 700;
            now += throttle.observe(700, now);
        }

        assertThat(bytes / (now / 1e9)).isBetween(9_000.0, 11_000.0);
    }

    private static long ms(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
