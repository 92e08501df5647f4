// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the report says of each workload depends on what ran. */
class CatalogueTest {
    private static String explanation(String id, String... variants) {
        return Catalogue.texts().stream()
                .filter(text -> text.id().equals(id))
                .findFirst()
                .orElseThrow()
                .explanation(Set.of(variants));
    }

    @Test
    void recordsOneByOneAreOnlyToldOfWhenTheyWereSent() {
        assertThat(explanation("latency", "5,000 records/s, in bursts"))
                .contains("every 2 ms")
                .doesNotContain("One by one");
    }

    @Test
    void frozenProcessesAreOnlyToldOfWhenThereWereAny() {
        assertThat(explanation("failover", "kill -9 of a leader", "SIGTERM of a leader"))
                .contains("killed", "stopped")
                .doesNotContain("frozen");
        assertThat(explanation("failover", "SIGSTOP for 12 s of a leader")).contains("frozen");
    }

    @Test
    void brokersAreCalledWarmOnlyWhenTheyWere() {
        assertThat(explanation("throughput", "first run after the start"))
                .contains("just started")
                .doesNotContain("warm");
    }
}
