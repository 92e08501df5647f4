// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolVersionTest {
    @ParameterizedTest
    @CsvSource({
        "3.9, 3.9-IV0",
        "3.9.2, 3.9-IV0",
        "3.9.2.1, 3.9-IV0",
        "3.7, 3.7-IV4",
        "2.8, 2.8-IV1",
        "4.0-IV0, 4.0-IV0",
        "0.8.0.1, 0.8.0",
        "0.10.1, 0.10.1-IV2",
        "0.10.1-IV1, 0.10.1-IV1",
        "0.11.0.0, 0.11.0-IV2",
        "1.0.0, 1.0-IV0"
    })
    void readsWhatKafkaReads(String written, String version) {
        assertThat(ProtocolVersion.parse(written).version()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.0", "4.0.1", "4", "3", "0.8", "0.10", "3.9-IV1", "5.0", "", "x"})
    void refusesWhatKafkaRefuses(String written) {
        assertThatThrownBy(() -> ProtocolVersion.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Version " + written + " is not a valid version");
    }

    /** Where each version begins, as Apache Kafka 3.9.2 says of itself; from there on it holds until the next. */
    @Test
    void decidesRequestVersionsAsKafkaDoes() {
        assertSteps(
                ProtocolVersion::fetchVersion,
                "0.8.0=0 0.9.0=1 0.10.0-IV0=2 0.10.1-IV1=3 0.11.0-IV0=4 0.11.0-IV1=5 1.1-IV0=7 2.0-IV1=8 2.1-IV2=10 2.3-IV1=11 2.7-IV1=12 3.1-IV0=13 3.5-IV0=14 3.5-IV1=15 3.7-IV4=16 3.9-IV0=17");
        assertSteps(ProtocolVersion::groupMetadataValueVersion, "0.8.0=0 0.10.1-IV0=1 2.1-IV0=2 2.3-IV0=3");
        assertSteps(
                ProtocolVersion::listOffsetsVersion,
                "0.8.0=0 0.10.1-IV2=1 0.11.0-IV0=2 2.0-IV1=3 2.1-IV1=4 2.2-IV1=5 2.8-IV0=6 3.0-IV1=7 3.5-IV0=8 3.9-IV0=9");
        assertSteps(ProtocolVersion::offsetForLeaderEpochVersion, "0.8.0=0 2.0-IV0=1 2.1-IV1=2 2.3-IV1=3 2.8-IV0=4");
        assertSteps(ProtocolVersion::writeTxnMarkersVersion, "0.8.0=0 2.8-IV0=1");
    }

    private static void assertSteps(Function<ProtocolVersion, Short> ours, String kafkas) {
        StringBuilder steps = new StringBuilder();
        short last = -1;
        for (ProtocolVersion version : ProtocolVersion.values()) {
            short now = ours.apply(version);
            if (now != last) {
                steps.append(steps.isEmpty() ? "" : " ")
                        .append(version.version())
                        .append('=')
                        .append(now);
            }
            last = now;
        }
        assertThat(steps).hasToString(kafkas);
    }
}
