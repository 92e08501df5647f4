// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole scenarios as reviewable text. A line beginning with {@code >} is what happens, the lines after it are what
 * the coordinator says and writes; see {@link ScenarioRunner} for the words.
 */
class ScenarioTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "three-members-join",
                "member-leaves",
                "session-expires",
                "static-member-restarts",
                "cooperative-rebalance",
                "coordinator-moves",
                "initial-delay",
                "sync-is-missed",
                "group-is-full",
                "offsets",
                "transactional-offsets",
                "failed-appends"
            })
    void playsAsWritten(String scenario) throws IOException {
        String expected;
        try (var resource = ScenarioTest.class.getResourceAsStream(
                "/io/barnabas/coordinator/group/scenarios/" + scenario + ".txt")) {
            expected = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(new ScenarioRunner().play(expected)).isEqualTo(expected);
    }
}
