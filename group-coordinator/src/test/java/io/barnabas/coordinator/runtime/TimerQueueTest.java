// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerQueueTest {
    private final TimerQueue<String> timers = new TimerQueue<>();
    private final List<String> fired = new ArrayList<>();

    private TimerQueue<String>.Timer timer(String name) {
        return timers.timer((nowMs, out) -> fired.add(name + "@" + nowMs));
    }

    @Test
    void runsWhatIsDueEarliestFirst() {
        timer("late").set(20);
        timer("early").set(10);
        timer("far").set(1_000);

        timers.runDue(20);

        assertThat(fired).containsExactly("early@20", "late@20");
        assertThat(timers.nextDeadlineMs()).isEqualTo(1_000);
    }

    @Test
    void firesOnceAtTheDeadlineItWasMovedTo() {
        TimerQueue<String>.Timer moved = timer("moved");
        moved.set(10);
        moved.set(50);
        moved.set(30);

        timers.runDue(29);
        assertThat(fired).isEmpty();
        timers.runDue(30);
        timers.runDue(100);

        assertThat(fired).containsExactly("moved@30");
        assertThat(timers.nextDeadlineMs()).isEqualTo(CoordinatorShard.NO_DEADLINE);
    }

    @Test
    void firesEarlierWhenMovedCloser() {
        TimerQueue<String>.Timer moved = timer("moved");
        moved.set(100);
        moved.set(10);

        assertThat(timers.nextDeadlineMs()).isEqualTo(10);
        timers.runDue(10);
        timers.runDue(100);

        assertThat(fired).containsExactly("moved@10");
    }

    @Test
    void aCancelledTimerIsSilentUntilItIsSetAgain() {
        TimerQueue<String>.Timer timer = timer("again");
        timer.set(10);
        timer.cancel();
        timers.runDue(20);
        assertThat(fired).isEmpty();

        timer.set(30);
        timers.runDue(30);

        assertThat(fired).containsExactly("again@30");
    }
}
