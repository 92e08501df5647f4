// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.config.ProtocolVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupConfigsTest {
    @ParameterizedTest
    @CsvSource({
        "0.10.0-IV1, 0, 1, false",
        "0.10.1-IV0, 1, 1, false",
        "2.0-IV1, 1, 1, false",
        "2.1-IV0, 2, 2, false",
        "2.1-IV1, 2, 3, false",
        "2.3-IV0, 3, 3, true",
        "3.9-IV0, 3, 3, true"
    })
    void recordsAreWrittenSoThatTheOldestBrokerReadsThem(String version, short group, short offset, boolean isStatic) {
        ProtocolVersion protocol = ProtocolVersion.parse(version);

        assertThat(GroupConfigs.recordVersions(protocol).groupMetadata()).isEqualTo(group);
        assertThat(GroupConfigs.recordVersions(protocol).offsetCommit()).isEqualTo(offset);
        assertThat(GroupConfigs.staticMembership(protocol)).isEqualTo(isStatic);
    }
}
