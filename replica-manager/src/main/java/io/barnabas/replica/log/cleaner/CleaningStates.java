// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions are being cleaned, which of these are to be given up, and which must not be begun. Plain; owned by
 * {@link CleaningLedger}.
 *
 * <p>A partition without state may begin. One that is cleaned and then paused has to be given up; it stays here until its
 * thread has said that it ended, even if it was resumed before.
 */
final class CleaningStates {
    private final Map<TopicPartition, State> states = new HashMap<>();

    private static final class State {
        private boolean running;
        private boolean aborted;
        private int pauses;
    }

    boolean isIdle(TopicPartition partition) {
        return !states.containsKey(partition);
    }

    /** Begins, unless it is cleaned already or paused. */
    boolean begin(TopicPartition partition) {
        if (!isIdle(partition)) {
            return false;
        }
        State state = new State();
        state.running = true;
        states.put(partition, state);
        return true;
    }

    boolean isRunning(TopicPartition partition) {
        State state = states.get(partition);
        return state != null && state.running;
    }

    /** Whether what is done for the partition must be given up. */
    boolean isAborted(TopicPartition partition) {
        State state = states.get(partition);
        return state != null && state.aborted;
    }

    /** The thread is done with the partition. */
    void end(TopicPartition partition) {
        State state = states.get(partition);
        if (state == null || !state.running) {
            throw new IllegalStateException("Partition " + partition + " is not being cleaned");
        }
        state.running = false;
        state.aborted = false;
        forgetIfIdle(partition, state);
    }

    /** Pauses once more; what is under way is to be given up. */
    void pause(TopicPartition partition) {
        State state = states.computeIfAbsent(partition, ignored -> new State());
        state.pauses++;
        state.aborted = state.running;
    }

    /** Undoes one pause. */
    void resume(TopicPartition partition) {
        State state = states.get(partition);
        if (state == null || state.pauses == 0) {
            throw new IllegalStateException(
                    "Compaction for partition " + partition + " cannot be resumed since it is not paused.");
        }
        state.pauses--;
        forgetIfIdle(partition, state);
    }

    private void forgetIfIdle(TopicPartition partition, State state) {
        if (!state.running && state.pauses == 0) {
            states.remove(partition);
        }
    }
}
