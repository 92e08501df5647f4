// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.config.key.ConfigurationException;
import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.coordination.cluster.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

public class BarnabasConfigTest {
    public static BarnabasConfig configOf(String... keysAndValues) {
        Map<String, String> properties = new HashMap<>(Map.of("zookeeper.connect", "localhost:2181"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return BarnabasConfig.of(properties);
    }

    @Test
    void needsNothingButZooKeeper() {
        BarnabasConfig config = configOf();

        assertThat(config.identity()).isEqualTo(new IdentityKeys(-1, true, 1000, Optional.empty()));
        assertThat(config.listeners().listeners())
                .containsExactly(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "", 9092));
        assertThat(config.listeners().advertised()).isEqualTo(config.listeners().listeners());
        assertThat(config.listeners().interBrokerListener()).isEqualTo("PLAINTEXT");
        assertThat(config.peers().protocolVersion()).isEqualTo(ProtocolVersion.IBP_3_9_IV0);
        assertThat(config.zooKeeper().connectionTimeoutMs()).isEqualTo(18_000);
        assertThat(config.logManager().moveThreads()).isEqualTo(1);
    }

    @Test
    void saysThatZooKeeperIsMissing() {
        assertThatThrownBy(() -> BarnabasConfig.of(Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("Missing required configuration `zookeeper.connect` which has no default value.");
    }

    @Test
    void networkThreadsNobodyAskedForAreFewOnASmallMachine() {
        AbstractConfig unset = configOf().values();
        AbstractConfig set = configOf("num.network.threads", "3").values();

        assertThat(NetworkKeys.networkThreads(unset, 1)).isEqualTo(1);
        assertThat(NetworkKeys.networkThreads(unset, 2)).isEqualTo(1);
        assertThat(NetworkKeys.networkThreads(unset, 4)).isEqualTo(2);
        assertThat(NetworkKeys.networkThreads(unset, 64)).isEqualTo(3);
        assertThat(NetworkKeys.networkThreads(set, 2)).isEqualTo(3);
    }

    @Test
    void receiveBuffersOfFollowersNobodyAskedForAreTheSystems() {
        assertThat(configOf().replication().socketReceiveBufferBytes()).isEqualTo(-1);
        assertThat(configOf("replica.socket.receive.buffer.bytes", "65536")
                        .replication()
                        .socketReceiveBufferBytes())
                .isEqualTo(65536);
    }
}
