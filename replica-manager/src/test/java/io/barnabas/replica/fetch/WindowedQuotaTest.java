// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WindowedQuotaTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs.get());
    private final WindowedQuota quota = new WindowedQuota(PARTITION::equals, clock, 11, 1);

    @Test
    void throttlesNobodyWithoutARate() {
        quota.record(Long.MAX_VALUE / 2);
        assertThat(quota.isExceeded()).isFalse();
        assertThat(quota.isThrottled(PARTITION)).isFalse();
    }

    @Test
    void isExceededOnceTheWindowsHoldMoreThanTheRateAllows() {
        quota.rate(1_000);
        quota.record(10_000);
        assertThat(quota.isExceeded()).isFalse();
        quota.record(1);
        assertThat(quota.isExceeded()).isTrue();
        assertThat(quota.isThrottled(PARTITION)).isTrue();
        assertThat(quota.isThrottled(new TopicPartition("orders", 1))).isFalse();
    }

    @Test
    void forgivesWhatLeftTheWindows() {
        quota.rate(1_000);
        quota.record(50_000);
        assertThat(quota.isExceeded()).isTrue();
        nowMs.addAndGet(12_000);
        assertThat(quota.isExceeded()).isFalse();
    }

    @Test
    void followsARateThatChanges() {
        quota.rate(1_000);
        quota.record(50_000);
        quota.rate(100_000);
        assertThat(quota.isExceeded()).isFalse();
    }
}
