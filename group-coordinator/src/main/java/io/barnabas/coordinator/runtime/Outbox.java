// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a shard wants done: records to append and answers to give. Filled by the shard, performed and emptied by its
 * loop: first the appends, in order, then the answers. An answer that depends on records belongs in their callback.
 */
public final class Outbox {
    private List<RecordAppend> appends = new ArrayList<>(2);
    private List<Runnable> answers = new ArrayList<>(4);

    /** Appends the records after all that were asked for before. */
    public void append(RecordAppend append) {
        appends.add(append);
    }

    /** Gives the answer once the state machine has finished its step. */
    public <T> void answer(Consumer<? super T> to, T value) {
        answers.add(() -> to.accept(value));
    }

    /** Takes out what is to be appended. */
    public List<RecordAppend> takeAppends() {
        if (appends.isEmpty()) {
            return List.of();
        }
        List<RecordAppend> taken = appends;
        appends = new ArrayList<>(2);
        return taken;
    }

    /** Takes out the answers to give. */
    public List<Runnable> takeAnswers() {
        if (answers.isEmpty()) {
            return List.of();
        }
        List<Runnable> taken = answers;
        answers = new ArrayList<>(4);
        return taken;
    }
}
