// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The scripts can be said, and what is excused is told. */
class ScriptTest {
    static final List<String> CHAPTERS = ConversationIT.CHAPTERS;

    @ParameterizedTest
    @FieldSource("CHAPTERS")
    void everyLineCanBeSaidInItsVersions(String chapter) {
        Set<String> names = new HashSet<>();
        try (Conversation rehearsal = new Conversation(new Normal())) {
            for (Script.Step step : Script.load(chapter).lines()) {
                assertThat(names.add(step.line().name() + step.turn()))
                        .as("said once: %s", step.line().name())
                        .isTrue();
                assertThat(rehearsal.rehearse(step)).as(step.line().name()).isNotNull();
            }
        }
    }

    @Test
    void everyMeantDifferenceIsInTheDocsWithItsReason() throws IOException {
        String page = Files.readString(Path.of("../docs/compatibility.md")).replaceAll("\\s+", " ");
        assertThat(MeantDifferences.ALL).allSatisfy(meant -> assertThat(page).contains(meant.reason()));
    }
}
