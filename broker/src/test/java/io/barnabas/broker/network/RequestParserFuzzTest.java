// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

/** Bytes of every kind are a request or a refusal, and nothing else comes of them. */
class RequestParserFuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final int TIMES = 60;

    private final Random random = new Random(SEED);
    private final List<String> faults = new ArrayList<>();
    private int parsed;

    @Test
    void aSoundHeaderAndAGarbledBodyAreARequestOrRefused() {
        for (ApiKeys api : ApiKeys.zkBrokerApis()) {
            for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
                for (int i = 0; i < TIMES; i++) {
                    parse(frame(api, version, body(i)), api + " v" + version);
                }
            }
        }
        assertThat(faults).as("fuzz.seed=" + SEED).isEmpty();
        assertThat(parsed).isPositive();
    }

    @Test
    void noiseIsARequestOrRefused() {
        for (int i = 0; i < 20_000; i++) {
            parse(bytes(random.nextInt(64)), "noise");
        }
        assertThat(faults).as("fuzz.seed=" + SEED).isEmpty();
    }

    private void parse(byte[] bytes, String what) {
        ByteBuf frame = Unpooled.wrappedBuffer(bytes);
        try {
            RequestParser.parse(frame);
            parsed++;
        } catch (InvalidRequestException e) {
            assertThat(e.getMessage()).as(what).isNotBlank();
        } catch (RuntimeException | Error e) {
            faults.add(what + ": " + e);
        }
    }

    private byte[] frame(ApiKeys api, short version, byte[] body) {
        RequestHeader header = new RequestHeader(api, version, "fuzz", 7);
        ByteBuffer head = MessageUtil.toByteBuffer(header.data(), header.headerVersion());
        byte[] frame = new byte[head.remaining() + body.length];
        int length = head.remaining();
        head.get(frame, 0, length);
        System.arraycopy(body, 0, frame, length, body.length);
        return frame;
    }

    /** Small numbers make lengths that hold: half of the bodies are of those. */
    private byte[] body(int turn) {
        byte[] body = bytes(random.nextInt(120));
        if (turn % 2 == 0) {
            for (int i = 0; i < body.length; i++) {
                body[i] = (byte) random.nextInt(4);
            }
        }
        return body;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
