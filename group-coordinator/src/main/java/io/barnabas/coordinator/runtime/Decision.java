// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import io.barnabas.coordination.event.Event;
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
    private static final Decision<?> NOTHING = new Decision<>();

    /** The first answer needs no list: most decisions have one and nothing else, and heartbeats are many. */
    private Consumer<Object> firstTo;

    private Object firstAnswer;
    private More<R> more;

    /** Everything but the first answer. */
    private static final class More<R> {
        private List<RecordAppend<R>> appends = List.of();
        private List<Event> events = List.of();
        private List<Runnable> answers = List.of();
        private List<Supplier<Decision<R>>> next = List.of();

        private static <T> List<T> with(List<T> list, T added) {
            List<T> grown = list.isEmpty() ? new ArrayList<>(1) : list;
            grown.add(added);
            return grown;
        }
    }

    /** The decision to do nothing. One for all, so nothing can be added to it. */
    @SuppressWarnings("unchecked") // it has no records
    public static <R> Decision<R> nothing() {
        return (Decision<R>) NOTHING;
    }

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
        More<R> all = more();
        all.appends = More.with(all.appends, append);
    }

    /** Adds an answer. */
    @SuppressWarnings("unchecked") // whoever hears the answer hears only the one that came with it
    public <T> void answer(Consumer<? super T> to, T answer) {
        if (firstTo != null) {
            More<R> all = more();
            all.answers = More.with(all.answers, () -> to.accept(answer));
            return;
        }
        mayChange();
        firstTo = (Consumer<Object>) to;
        firstAnswer = answer;
    }

    /** Adds an event. */
    public void event(Event event) {
        More<R> all = more();
        all.events = More.with(all.events, event);
    }

    /** Has something decided once the records of this decision are under way, which may make a difference to it. */
    public void next(Supplier<Decision<R>> step) {
        More<R> all = more();
        all.next = More.with(all.next, step);
    }

    /** Adds everything the other one has, after what this one has. */
    public void add(Decision<R> other) {
        other.appends().forEach(this::append);
        other.events().forEach(this::event);
        other.next().forEach(this::next);
        if (other.firstTo != null) {
            answer(other.firstTo, other.firstAnswer);
        }
        if (other.more != null) {
            other.more.answers.forEach(answer -> answer(given -> answer.run(), null));
        }
    }

    private More<R> more() {
        if (more == null) {
            mayChange();
            more = new More<>();
        }
        return more;
    }

    private void mayChange() {
        if (this == NOTHING) {
            throw new IllegalStateException("The decision to do nothing is everybody's");
        }
    }

    /** Whether there is nothing to do at all. */
    public boolean isNothing() {
        return firstTo == null && more == null;
    }

    /** Whether there is nothing to do but one answer, if that. */
    public boolean onlyAnswers() {
        return more == null;
    }

    /** What is to be appended, in order. */
    public List<RecordAppend<R>> appends() {
        return more == null ? List.of() : Collections.unmodifiableList(more.appends);
    }

    /** What is to be logged, in order. */
    public List<Event> events() {
        return more == null ? List.of() : Collections.unmodifiableList(more.events);
    }

    /** What is to be decided after this, in order. */
    public List<Supplier<Decision<R>>> next() {
        return more == null ? List.of() : Collections.unmodifiableList(more.next);
    }

    /** Gives the answers, in order. For the loop, once everything else is done. */
    public void giveAnswers() {
        if (firstTo != null) {
            firstTo.accept(firstAnswer);
        }
        if (more != null) {
            more.answers.forEach(Runnable::run);
        }
    }
}
