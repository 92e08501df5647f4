// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransportTest {
    private final Transport transport = Transport.startNio(2, "transport-test");

    @AfterEach
    void stop() {
        transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private int loopsChosen() {
        Set<Object> chosen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            chosen.add(transport.group().next());
        }
        return chosen.size();
    }

    @Test
    void givesNewChannelsToAsManyLoopsAsItHasThreads() {
        assertThat(loopsChosen()).isEqualTo(2);

        assertThat(transport.resize(5)).isEqualTo(5);
        assertThat(loopsChosen()).isEqualTo(5);

        assertThat(transport.resize(1)).isEqualTo(1);
        assertThat(loopsChosen()).isEqualTo(1);
    }

    @Test
    void growsNoFurtherThanTheLoopsThereAre() {
        assertThat(transport.resize(1_000)).isEqualTo(16);
        assertThat(loopsChosen()).isEqualTo(16);
        assertThat(transport.resize(0)).isEqualTo(1);
    }
}
