// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.coordination.store.BrokerRegistration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistrationsTest {
    private final Registrations registrations = new Registrations(1, listener -> 45_678, 9_999);

    @Test
    void tellsThePortTheSystemChoseAndTheOneOfJmx() {
        BrokerRegistration registration = registrations.of(config("3.9"));

        assertThat(registration.endpoints().get(0).port()).isEqualTo(45_678);
        assertThat(registration.endpoints().get(0).host()).isEqualTo("127.0.0.1");
        assertThat(registration.jmxPort()).isEqualTo(9_999);
    }

    @Test
    void writesTheFormatThatItsInterBrokerProtocolKnows() {
        assertThat(registrations.of(config("3.9")).formatVersion()).isEqualTo(5);
        assertThat(registrations.of(config("2.7")).formatVersion()).isEqualTo(5);
        assertThat(registrations.of(config("2.6")).formatVersion()).isEqualTo(4);
        assertThat(registrations.of(config("0.9.0")).formatVersion()).isEqualTo(2);
    }

    private static BarnabasConfig config(String protocol) {
        return BarnabasConfig.of(Map.of(
                "broker.id", "1",
                "zookeeper.connect", "localhost:2181",
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "inter.broker.protocol.version", protocol,
                "log.message.format.version", protocol));
    }
}
