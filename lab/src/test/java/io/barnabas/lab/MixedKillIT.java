// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import io.barnabas.lab.process.BrokerKind;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Brokers of a mixed cluster are killed and paused, each with all roles it can have. */
@Tag("referee")
class MixedKillIT extends MixedDrill {
    @ParameterizedTest(name = "{0}")
    @MethodSource("mixes")
    void survivesKillMinusNineOfEachBroker(String mix) throws Exception {
        start(mix, Map.of());
        for (int id = 1; id <= 3; id++) {
            String what = announce("kill -9 of", id);
            cluster.broker(id).kill();
            traffic.awaitProgress(what);
            restart(id, cluster.kind(id));
            awaitAllWell("the restart after " + what);
            traffic.electPreferredLeaders();
        }
        verify();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixes")
    void survivesAPauseOfEachBrokerPastItsSession(String mix) throws Exception {
        start(mix, Map.of());
        for (int id = 1; id <= 3; id++) {
            String what = announce("pause of", id);
            int paused = id;
            cluster.broker(id).pause();
            await("the session of broker " + id + " to end", () -> !tree.exists("/brokers/ids/" + paused));
            traffic.awaitProgress(what);
            cluster.broker(id).resume();
            await("broker " + id + " to register again", () -> tree.exists("/brokers/ids/" + paused));
            awaitAllWell("the end of the " + what);
            traffic.electPreferredLeaders();
        }
        verify();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixes")
    void survivesThatAKilledBrokerIsReplacedByOneOfTheOtherKind(String mix) throws Exception {
        start(mix, Map.of());
        for (int id = 1; id <= 3; id++) {
            String what = announce("kill -9 of", id);
            BrokerKind other = cluster.kind(id) == BrokerKind.KAFKA ? BrokerKind.BARNABAS : BrokerKind.KAFKA;
            cluster.broker(id).kill();
            restart(id, other);
            awaitAllWell(other + " took its place after " + what);
            traffic.electPreferredLeaders();
        }
        verify();
    }
}
