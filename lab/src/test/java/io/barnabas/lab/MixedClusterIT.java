// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.process.BrokerKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The shortest drill beside Apache Kafka, for every build: a Kafka broker that controls, leads, follows and coordinates among
 * two of ours becomes one of ours under traffic. The other {@code Mixed*IT} go through every mix, role and fault.
 */
class MixedClusterIT extends MixedDrill {
    @Test
    void theLastKafkaBrokerBecomesBarnabasUnderTraffic() throws Exception {
        start("KBB", Map.of());
        String what = announce("roll to Barnabas of", 1);
        assertThat(cluster.broker(1).terminate(60))
                .as("exit code after %s", what)
                .isIn(0, 143);
        cluster.startBroker(1, BrokerKind.BARNABAS);
        awaitAllWell(what);
        traffic.electPreferredLeaders();
        traffic.awaitProgress("broker 1 leads again");
        verify();
    }
}
