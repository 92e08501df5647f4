// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/**
 * SipHash-2-4 with 128 bits of result. Keys that fall together would lose data, so the hash is wide, and keyed by
 * chance: nobody can make two keys that collide. One thread; the result lies in {@link #high} and {@link #low}.
 */
final class KeyHash {
    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long high;
    private long low;

    KeyHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    static KeyHash random(RandomGenerator random) {
        return new KeyHash(random.nextLong(), random.nextLong());
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Hashes what remains in the buffer, which is left as it was. */
    void hash(ByteBuffer bytes) {
        ByteBuffer key = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int length = key.remaining();
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        while (key.remaining() >= Long.BYTES) {
            word(key.getLong());
        }
        long tail = (long) length << 56;
        for (int shift = 0; key.hasRemaining(); shift += 8) {
            tail |= (key.get() & 0xffL) << shift;
        }
        word(tail);
        v2 ^= 0xee;
        rounds(4);
        high = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        rounds(4);
        low = v0 ^ v1 ^ v2 ^ v3;
    }

    private void word(long word) {
        v3 ^= word;
        rounds(2);
        v0 ^= word;
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
