// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a report says of a client is what its process says of itself. */
class ClientTextTest {
    @Test
    void tellsOfBothCompilersUnlessOneIsSwitchedOff() {
        assertThat(ClientText.of("3.9.2", List.of("-Xms512m", "-XX:+UseSerialGC", "-Dkey=value")))
                .isEqualTo("kafka-clients 3.9.2, JVM with both compilers (-Xms512m -XX:+UseSerialGC)");
        assertThat(ClientText.of("3.9.2", List.of("-XX:TieredStopAtLevel=1")))
                .isEqualTo("kafka-clients 3.9.2, JVM with the first compiler only (-XX:TieredStopAtLevel=1)");
    }

    @Test
    void tellsOfTheLibraryThatIsLoaded() {
        assertThat(ClientText.ofThisProcess()).matches("kafka-clients \\d+\\.\\d+\\.\\d+, JVM with .*");
    }
}
