// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordination.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {
    private record Happened(String why) implements Event {}

    private final List<String> said = new ArrayList<>();

    @Test
    void answersInTheOrderOfTheSteps() {
        Decision<String> decision = Decision.answering(said::add, "one");
        decision.answer(said::add, "two");
        Decision<String> whole = Decision.answering(said::add, "zero");
        whole.add(decision);
        whole.answer(said::add, "three");

        whole.giveAnswers();

        assertThat(said).containsExactly("zero", "one", "two", "three");
    }

    @Test
    void whatAnotherDecisionAppendsAndTellsComesAfter() {
        RecordAppend<String> first = new RecordAppend<>(List.of("a"), new AnswerOnce<>(error -> {}));
        RecordAppend<String> second = new RecordAppend<>(List.of("b"), new AnswerOnce<>(error -> {}));
        Decision<String> whole = new Decision<>();
        whole.append(first);
        Decision<String> other = new Decision<>();
        other.append(second);
        other.event(new Happened("a test"));
        whole.add(other);

        assertThat(whole.appends()).containsExactly(first, second);
        assertThat(whole.events()).containsExactly(new Happened("a test"));
        assertThat(whole.onlyAnswers()).isFalse();
    }

    @Test
    void aStepThatFailsLeavesNobodyWithoutTheAnswerThatWasDecided() {
        assertThatThrownBy(() -> Decision.<String>of(decision -> {
                    decision.answer(said::add, "to one who waits no more");
                    throw new IllegalStateException("a defect made for this test");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(said).containsExactly("to one who waits no more");
    }

    @Test
    void nothingStaysNothing() {
        Decision<String> nothing = Decision.nothing();

        assertThat(nothing.isNothing()).isTrue();
        assertThat(nothing.appends()).isEmpty();
        assertThatThrownBy(() -> nothing.answer(said::add, "a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> nothing.event(new Happened("y"))).isInstanceOf(IllegalStateException.class);
    }
}
