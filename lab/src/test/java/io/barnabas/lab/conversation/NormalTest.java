// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What differs by place is taken out, and nothing else. */
class NormalTest {
    private final Normal normal = new Normal();

    @BeforeEach
    void brokerListens() {
        normal.replace("28000", "PORT 1");
        normal.replace("/tmp/here", "HOME");
    }

    @Test
    void portsAndDirectoriesGetNames() {
        assertThat(text("PLAINTEXT://127.0.0.1:28000")).isEqualTo("PLAINTEXT://127.0.0.1:PORT 1");
        assertThat(text("/tmp/here/broker-1")).isEqualTo("HOME/broker-1");
        JsonNode broker = JsonNodeFactory.instance.objectNode().put("port", 28000);
        assertThat(normal.of(ApiKeys.METADATA, broker).get("port").asText()).isEqualTo("PORT 1");
    }

    @Test
    void bytesThatReadLikeAPortAreLeftAlone() {
        assertThat(text("000200280000000200290000")).isEqualTo("000200280000000200290000");
    }

    private String text(String text) {
        return normal.of(null, TextNode.valueOf(text)).asText();
    }
}
