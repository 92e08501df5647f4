// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.barnabas.coordination.event.DecisionEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Something of consequence a shard decided, as a value: what, the facts, and why. The shard's loop writes it to the log
 * of events when it carries the decision out. Immutable once built.
 */
@CheckReturnValue
public final class CoordinatorEvent {
    private final String what;
    private final List<Fact> facts;
    private final String why;

    private record Fact(String key, Object value) {}

    private CoordinatorEvent(String what, List<Fact> facts, String why) {
        this.what = what;
        this.facts = Collections.unmodifiableList(facts);
        this.why = why;
    }

    /** @param what the event's name, lower case with dashes, such as {@code group-joined} */
    public static Builder of(String what) {
        return new Builder(what);
    }

    /** The event's name. */
    public String what() {
        return what;
    }

    /** A short sentence. */
    public String why() {
        return why;
    }

    /** Writes the event to the log of events. */
    void write() {
        DecisionEvent line = DecisionEvent.of(what);
        facts.forEach(fact -> line.with(fact.key(), fact.value()));
        line.because(why);
    }

    /** Collects the facts. */
    public static final class Builder {
        private final String what;
        private final List<Fact> facts = new ArrayList<>(6);

        private Builder(String what) {
            this.what = what;
        }

        /** @param value a value that does not change, as it is written later */
        @CanIgnoreReturnValue
        public Builder with(String key, Object value) {
            facts.add(new Fact(key, value));
            return this;
        }

        /** Completes the event with its cause, a short sentence. */
        public CoordinatorEvent because(String why) {
            return new CoordinatorEvent(what, facts, why);
        }
    }

    @Override
    public String toString() {
        return what + " " + facts + " because " + why;
    }
}
