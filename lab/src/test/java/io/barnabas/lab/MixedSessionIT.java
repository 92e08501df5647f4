// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ISRs of a mixed cluster shrink and grow, and sessions of its living brokers expire. */
@Tag("referee")
class MixedSessionIT extends MixedDrill {
    @ParameterizedTest(name = "{0}")
    @MethodSource("mixes")
    void survivesTheExpiryOfEachBrokersSession(String mix) throws Exception {
        start(mix, Map.of());
        for (int id = 1; id <= 3; id++) {
            String what = announce("expired session of", id);
            ZooKeeperSessions.renew(cluster.zooKeeperConnect(), tree, id);
            awaitAllWell(what);
            traffic.electPreferredLeaders();
        }
        verify();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixes")
    void shrinksAndGrowsIsrsAroundASlowFollower(String mix) throws Exception {
        start(mix, Map.of("zookeeper.session.timeout.ms", "20000", "replica.lag.time.max.ms", "3000"));
        for (int id = 2; id <= 3; id++) {
            String what = announce("pause within the session of", id);
            int slow = id;
            cluster.broker(id).pause();
            await("leaders to drop broker " + id + " from ISRs", () -> traffic.partitionsFollowedInSync(slow) == 0);
            cluster.broker(id).resume();
            awaitAllWell("the end of the " + what);
            traffic.electPreferredLeaders();
        }
        verify();
    }
}
