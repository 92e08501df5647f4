// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.process.BrokerKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rolls a cluster from one kind to the other under traffic, one broker at a time, on the same configuration and directories. */
@Tag("referee")
class MixedRollIT extends MixedDrill {
    @Test
    void rollsFromKafkaToBarnabasWithTheControllerLast() throws Exception {
        start("KKK", Map.of());
        roll(List.of(2, 3, 1), BrokerKind.BARNABAS);
        verify();
    }

    @Test
    void rollsFromBarnabasToKafkaWithTheControllerLast() throws Exception {
        start("BBB", Map.of());
        roll(List.of(2, 3, 1), BrokerKind.KAFKA);
        verify();
    }

    @Test
    void rollsToBarnabasAndBackWithTheControllerFirst() throws Exception {
        start("KKK", Map.of());
        roll(List.of(1, 2, 3), BrokerKind.BARNABAS);
        roll(List.of(1, 2, 3), BrokerKind.KAFKA);
        verify();
    }

    private void roll(List<Integer> order, BrokerKind kind) {
        for (int id : order) {
            String what = announce("roll to " + kind + " of", id);
            assertThat(cluster.broker(id).terminate(60))
                    .as("exit code after %s", what)
                    .isIn(0, 143);
            cluster.startBroker(id, kind);
            awaitAllWell(what);
            traffic.electPreferredLeaders();
        }
    }
}
