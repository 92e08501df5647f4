// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CleaningStatesTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private final CleaningStates states = new CleaningStates();

    @Test
    void isCleanedByOneAtATime() {
        assertThat(states.begin(PARTITION)).isTrue();
        assertThat(states.begin(PARTITION)).isFalse();
        states.end(PARTITION);
        assertThat(states.begin(PARTITION)).isTrue();
    }

    @Test
    void pausingGivesUpWhatIsUnderWay() {
        assertThat(states.begin(PARTITION)).isTrue();
        assertThat(states.isAborted(PARTITION)).isFalse();

        states.pause(PARTITION);

        assertThat(states.isAborted(PARTITION)).isTrue();
        assertThat(states.isRunning(PARTITION)).isTrue();
    }

    @Test
    void whatWasGivenUpStaysGivenUpWhenResumedBeforeItEnded() {
        assertThat(states.begin(PARTITION)).isTrue();
        states.pause(PARTITION);
        states.resume(PARTITION);

        assertThat(states.isAborted(PARTITION)).isTrue();
        assertThat(states.begin(PARTITION)).isFalse();

        states.end(PARTITION);

        assertThat(states.isIdle(PARTITION)).isTrue();
    }

    @Test
    void pausesNest() {
        states.pause(PARTITION);
        states.pause(PARTITION);
        states.resume(PARTITION);
        assertThat(states.begin(PARTITION)).isFalse();
        states.resume(PARTITION);
        assertThat(states.begin(PARTITION)).isTrue();
    }

    @Test
    void resumingWhatIsNotPausedIsABug() {
        assertThatThrownBy(() -> states.resume(PARTITION)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> states.end(PARTITION)).isInstanceOf(IllegalStateException.class);
    }
}
