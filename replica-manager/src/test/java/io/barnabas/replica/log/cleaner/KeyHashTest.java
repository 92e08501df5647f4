// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    private final KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /** The reference implementation's vectors for SipHash-2-4-128, of the inputs 00 01 02 … */
    @Test
    void agreesWithTheReferenceVectors() {
        assertThat(of(0)).isEqualTo("a3817f04ba25a8e66df67214c7550293");
        assertThat(of(1)).isEqualTo("da87c1d86b99af44347659119b22fc45");
    }

    @Test
    void everyByteAndTheLengthCount() {
        for (int length = 0; length < 40; length++) {
            assertThat(of(length)).isNotEqualTo(of(length + 1));
            for (int at = 0; at < length; at++) {
                byte[] other = input(length);
                other[at] ^= 1;
                assertThat(of(ByteBuffer.wrap(other))).isNotEqualTo(of(length));
            }
        }
    }

    @Test
    void leavesTheBufferAsItWas() {
        ByteBuffer key = ByteBuffer.wrap(input(20)).position(3);

        hash.hash(key);

        assertThat(key.position()).isEqualTo(3);
        assertThat(key.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    private String of(int length) {
        return of(ByteBuffer.wrap(input(length)));
    }

    private String of(ByteBuffer input) {
        hash.hash(input);
        ByteBuffer result = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(hash.high())
                .putLong(hash.low());
        return HexFormat.of().formatHex(result.array());
    }

    private static byte[] input(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
