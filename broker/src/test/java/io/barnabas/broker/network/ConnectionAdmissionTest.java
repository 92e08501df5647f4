// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.network.ConnectionAdmission.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class ConnectionAdmissionTest {
    private static final List<ListenerBinding> LISTENERS = List.of(
            new ListenerBinding("CLIENTS", SecurityProtocol.PLAINTEXT, "", 1, 3),
            ListenerBinding.plaintext("BROKERS", "", 2));

    private static InetAddress ip(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static ConnectionAdmission admission(ConnectionLimits limits) {
        return new ConnectionAdmission(LISTENERS, Optional.of("BROKERS"), limits);
    }

    @Test
    void listenerIsFullAtItsOwnLimitAndHasRoomAgainWhenOneLeaves() {
        ConnectionAdmission admission = admission(ConnectionLimits.NONE);
        for (int i = 1; i <= 3; i++) {
            assertThat(admission.hasRoom("CLIENTS")).isTrue();
            assertThat(admission.admit("CLIENTS", ip(i))).isEqualTo(Verdict.ADMITTED);
        }
        assertThat(admission.hasRoom("CLIENTS")).isFalse();
        assertThat(admission.hasRoom("BROKERS")).isTrue();
        admission.release("CLIENTS", ip(2));
        assertThat(admission.hasRoom("CLIENTS")).isTrue();
    }

    @Test
    void addressHasItsOwnLimit() {
        ConnectionAdmission admission = admission(new ConnectionLimits(100, 2, Map.of(ip(9), 0)));
        assertThat(admission.admit("CLIENTS", ip(1))).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit("BROKERS", ip(1))).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.admit("BROKERS", ip(1))).isEqualTo(Verdict.REFUSED);
        assertThat(admission.admit("CLIENTS", ip(9))).isEqualTo(Verdict.REFUSED);
        admission.release("CLIENTS", ip(1));
        assertThat(admission.admit("CLIENTS", ip(1))).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void brokersGetInWhenClientsTakeAllPlaces() {
        ConnectionAdmission admission = admission(new ConnectionLimits(2, 100, Map.of()));
        admission.admit("CLIENTS", ip(1));
        admission.admit("CLIENTS", ip(2));
        assertThat(admission.hasRoom("CLIENTS")).isFalse();
        assertThat(admission.hasRoom("BROKERS")).isTrue();
        assertThat(admission.admit("BROKERS", ip(3))).isEqualTo(Verdict.ADMITTED_BEYOND_LIMIT);
    }

    @Test
    void limitsCanBeChanged() {
        ConnectionAdmission admission = admission(new ConnectionLimits(1, 100, Map.of()));
        admission.admit("CLIENTS", ip(1));
        assertThat(admission.hasRoom("CLIENTS")).isFalse();
        admission.limits(ConnectionLimits.NONE);
        assertThat(admission.hasRoom("CLIENTS")).isTrue();
    }

    @Test
    void protocolNotSpokenIsOneClearLine() {
        Assertions.assertThatThrownBy(() -> new ListenerBinding("SECURE", SecurityProtocol.SASL_SSL, "", 9093, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("listener.security.protocol.map: listener SECURE asks for SASL_SSL,"
                        + " but only PLAINTEXT is available");
    }
}
