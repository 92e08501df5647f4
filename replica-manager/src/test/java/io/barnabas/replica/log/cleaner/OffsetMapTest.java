// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetMapTest {
    private final KeyHash hash = KeyHash.random(new Random(7));

    @Test
    void remembersTheLastOffsetOfManyKeysWhileItGrows() {
        OffsetMap map = new OffsetMap(4_000_000, 0.9, hash);
        Map<Integer, Long> model = new HashMap<>();
        Random random = new Random(11);
        for (long offset = 0; offset < 150_000; offset++) {
            int key = random.nextInt(60_000);
            assertThat(map.put(key(key), offset)).isTrue();
            model.put(key, offset);
        }

        assertThat(map.size()).isEqualTo(model.size());
        assertThat(map.latestOffset()).isEqualTo(149_999);
        model.forEach((key, offset) -> assertThat(map.get(key(key))).isEqualTo(offset));
        assertThat(map.get(key(60_001))).isEqualTo(-1L);
    }

    @Test
    void isFullAtItsLoadFactor() {
        OffsetMap map = new OffsetMap(10L * OffsetMap.BYTES_PER_SLOT, 0.5, hash);
        for (int key = 0; key < 5; key++) {
            assertThat(map.put(key(key), key)).isTrue();
        }

        assertThat(map.put(key(5), 5)).isFalse();
        assertThat(map.utilization()).isEqualTo(0.5);
        assertThat(map.latestOffset()).isEqualTo(4);
    }

    @Test
    void aFullMapStillFindsThatAKeyIsNotThere() {
        OffsetMap map = new OffsetMap(8L * OffsetMap.BYTES_PER_SLOT, 1.0, hash);
        int added = 0;
        while (map.put(key(added), added)) {
            added++;
        }

        assertThat(map.get(key(added + 1))).isEqualTo(-1L);
    }

    @Test
    void forgetsAllWhenCleared() {
        OffsetMap map = new OffsetMap(1_000_000, 0.9, hash);
        for (int key = 0; key < 10_000; key++) {
            assertThat(map.put(key(key), key)).isTrue();
        }
        map.clear();

        assertThat(map.size()).isZero();
        assertThat(map.latestOffset()).isEqualTo(-1L);
        assertThat(map.get(key(3))).isEqualTo(-1L);
    }

    @Test
    void refusesMemoryThatHoldsNoKey() {
        assertThatThrownBy(() -> new OffsetMap(OffsetMap.BYTES_PER_SLOT, 0.9, hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log.cleaner.dedupe.buffer.size");
    }

    private static ByteBuffer key(int key) {
        return ByteBuffer.allocate(4).putInt(key).flip();
    }
}
