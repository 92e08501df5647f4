// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A comparison that overlooks a lost, doubled or damaged record proves nothing. */
class TallyTest {
    private static final int SIZE = 100;

    private final Payload payload = new Payload(SIZE);
    private final Tally tally = new Tally(payload, List.of(Tally.Expectation.parse("7:2:3")));

    private byte[] record(int producer, long sequence) {
        return payload.value(7, producer, sequence, 0);
    }

    private void readAll() {
        for (int producer = 0; producer < 2; producer++) {
            for (long sequence = 0; sequence < 3; sequence++) {
                tally.add(record(producer, sequence));
            }
        }
    }

    @Test
    void findsNothingWrongWithAllRecordsOnce() {
        readAll();

        assertThat(tally.read()).isEqualTo(tally.expected()).isEqualTo(6);
        assertThat(tally.bytes()).isEqualTo(6 * SIZE);
        assertThat(List.of(tally.missing(), tally.duplicates(), tally.corrupt(), tally.strangers()))
                .containsOnly(0L);
    }

    @Test
    void missesWhatWasNotRead() {
        tally.add(record(0, 0));
        tally.add(record(1, 2));

        assertThat(tally.missing()).isEqualTo(4);
    }

    @Test
    void countsWhatCameTwice() {
        readAll();
        tally.add(record(1, 1));

        assertThat(tally.duplicates()).isEqualTo(1);
        assertThat(tally.missing()).isZero();
    }

    @Test
    void noticesASingleChangedByte() {
        byte[] damaged = record(0, 1);
        damaged[SIZE - 1] ^= 1;
        tally.add(damaged);

        assertThat(tally.corrupt()).isEqualTo(1);
        assertThat(tally.missing()).isEqualTo(6);
    }

    @Test
    void noticesACutRecord() {
        tally.add(new Payload(SIZE - 1).value(7, 0, 0, 0));
        tally.add(new byte[3]);

        assertThat(tally.corrupt()).isEqualTo(2);
    }

    @Test
    void tellsStrangersFromExpectedRecords() {
        tally.add(payload.value(8, 0, 0, 0));

        assertThat(tally.strangers()).isEqualTo(1);
    }

    @Test
    void refusesRecordsTooSmallForWhatTheyMustSay() {
        assertThatThrownBy(() -> new Payload(10)).hasMessageContaining("24 to");
    }

    @Test
    void ranksLatenciesWithoutLosingTheWorst() {
        Latencies latencies = new Latencies(2);
        for (int i = 1; i <= 1_000; i++) {
            latencies.add(i * 1_000_000L);
        }
        int[] sorted = Latencies.sorted(List.of(latencies));

        assertThat(Latencies.percentileMs(sorted, 0.5)).isEqualTo(500);
        assertThat(Latencies.percentileMs(sorted, 0.999)).isEqualTo(999);
        assertThat(Latencies.percentileMs(sorted, 1)).isEqualTo(1_000);
        assertThat(Latencies.percentileMs(new int[0], 0.5)).isNaN();
    }
}
