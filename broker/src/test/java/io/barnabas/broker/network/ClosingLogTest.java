// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class ClosingLogTest {
    private final List<String> lines = new ArrayList<>();
    private final ConnectionIdentity identity =
            new ConnectionIdentity("1-2-3", InetAddress.getLoopbackAddress(), "PLAINTEXT", SecurityProtocol.PLAINTEXT);
    private long now = 7;
    private final ClosingLog closings = new ClosingLog(recorder(), () -> now);

    private Logger recorder() {
        return (Logger) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    Object[] values = arguments.length == 3
                            ? new Object[] {arguments[1], arguments[2]}
                            : new Object[] {arguments[1]};
                    lines.add(MessageFormatter.arrayFormat((String) arguments[0], values)
                            .getMessage());
                    return null;
                });
    }

    @Test
    void saysForEachConnectionWhyItWasClosed() {
        closings.closing(identity, "a frame of -1 bytes was announced");

        assertThat(lines).containsExactly("Closing connection 1-2-3 (PLAINTEXT): a frame of -1 bytes was announced");
    }

    @Test
    void saysNoMoreThanSoMuchInASecondAndTellsLaterWhatItLeftOut() {
        for (int i = 0; i < 1_000; i++) {
            closings.closing(identity, "noise");
        }
        assertThat(lines).hasSize(ClosingLog.LINES_PER_SECOND);

        now += 1_000_000_000L;
        closings.closing(identity, "noise");

        assertThat(lines).hasSize(ClosingLog.LINES_PER_SECOND + 2);
        assertThat(lines.get(ClosingLog.LINES_PER_SECOND)).isEqualTo("Closed 980 more connections for what they sent");
    }
}
