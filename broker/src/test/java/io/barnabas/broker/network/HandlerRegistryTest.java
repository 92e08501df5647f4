// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class HandlerRegistryTest {
    @Test
    void findsTheHandlerOfAnApi() {
        RecordingHandler fetch = new RecordingHandler(ApiKeys.FETCH);
        HandlerRegistry registry = new HandlerRegistry(List.of(List.of(fetch)));
        assertThat(registry.handler(ApiKeys.FETCH).orElseThrow()).isSameAs(fetch);
        assertThat(registry.handler(ApiKeys.PRODUCE)).isEmpty();
        assertThat(registry.apis()).containsExactly(ApiKeys.FETCH);
    }

    @Test
    void refusesTwoHandlersOfOneApi() {
        List<List<RecordingHandler>> rooms =
                List.of(List.of(new RecordingHandler(ApiKeys.FETCH)), List.of(new RecordingHandler(ApiKeys.FETCH)));
        assertThatThrownBy(() -> new HandlerRegistry(rooms))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("answer Fetch");
    }
}
