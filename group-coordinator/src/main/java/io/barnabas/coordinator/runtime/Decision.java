// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a shard decided: records to append, answers to give, events to log. The code that decides builds and returns it;
 * the shard's loop carries it out, the appends first, in order, then the answers. An answer that depends on records
 * belongs in their {@link Continuation}. Not thread-safe, and not changed any more once it is returned.
 *
 * @param <R> the records of the shard
 */
public final class Decision<R> {
    private List<RecordAppend<R>> appends = List.of();
    private List<CoordinatorEvent> events = List.of();
    /** The first answer needs no list: most decisions have one, and heartbeats are many. */
    private Consumer<Object> firstTo;

    private Object firstAnswer;
    private List<Runnable> moreAnswers = List.of();
    private List<Supplier<Decision<R>>> next = List.of();

    /** A decision that does nothing but answer. */
    public static <R, T> Decision<R> answering(Consumer<? super T> to, T answer) {
        Decision<R> decision = new Decision<>();
        decision.answer(to, answer);
        return decision;
    }

    /**
     * Builds a decision in steps. Should a step fail, the answers decided so far are given all the same: those they are
     * for do not wait any more, so nobody else would answer them.
     */
    public static <R> Decision<R> of(Consumer<? super Decision<R>> steps) {
        Decision<R> decision = new Decision<>();
        boolean done = false;
        try {
            steps.accept(decision);
            done = true;
        } finally {
            if (!done) {
                decision.giveAnswers();
            }
        }
        return decision;
    }

    /** Adds records, to be appended after all that were added before. */
    public void append(RecordAppend<R> append) {
        if (appends.isEmpty()) {
            appends = new ArrayList<>(2);
        }
        appends.add(append);
    }

    /** Adds an answer. */
    @SuppressWarnings("unchecked") // whoever hears the answer hears only the one that came with it
    public <T> void answer(Consumer<? super T> to, T answer) {
        if (firstTo == null) {
            firstTo = (Consumer<Object>) to;
            firstAnswer = answer;
            return;
        }
        if (moreAnswers.isEmpty()) {
            moreAnswers = new ArrayList<>(4);
        }
        moreAnswers.add(() -> to.accept(answer));
    }

    /** Adds an event. */
    public void event(CoordinatorEvent event) {
        if (events.isEmpty()) {
            events = new ArrayList<>(2);
        }
        events.add(event);
    }

    /** Has something decided once the records of this decision are under way, which may make a difference to it. */
    public void next(Supplier<Decision<R>> step) {
        if (next.isEmpty()) {
            next = new ArrayList<>(2);
        }
        next.add(step);
    }

    /** Adds everything the other one has, after what this one has. */
    public void add(Decision<R> other) {
        other.appends.forEach(this::append);
        other.events.forEach(this::event);
        other.next.forEach(this::next);
        if (other.firstTo != null) {
            answer(other.firstTo, other.firstAnswer);
            other.moreAnswers.forEach(more -> answer(given -> more.run(), null));
        }
    }

    /** Whether there is nothing to do but answer, if that. */
    public boolean onlyAnswers() {
        return appends.isEmpty() && events.isEmpty() && next.isEmpty();
    }

    /** What is to be appended, in order. */
    public List<RecordAppend<R>> appends() {
        return Collections.unmodifiableList(appends);
    }

    /** What is to be logged, in order. */
    public List<CoordinatorEvent> events() {
        return Collections.unmodifiableList(events);
    }

    /** What is to be decided after this, in order. */
    public List<Supplier<Decision<R>>> next() {
        return Collections.unmodifiableList(next);
    }

    /** Gives the answers, in order. For the loop, once everything else is done. */
    public void giveAnswers() {
        if (firstTo != null) {
            firstTo.accept(firstAnswer);
            moreAnswers.forEach(Runnable::run);
        }
    }
}
