// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {
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
        other.event(CoordinatorEvent.of("happened").with("key", 1).because("a test"));
        whole.add(other);

        assertThat(whole.appends()).containsExactly(first, second);
        assertThat(whole.events()).extracting(CoordinatorEvent::what).containsExactly("happened");
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
        assertThatThrownBy(() -> nothing.event(CoordinatorEvent.of("x").because("y")))
                .isInstanceOf(IllegalStateException.class);
    }
}
