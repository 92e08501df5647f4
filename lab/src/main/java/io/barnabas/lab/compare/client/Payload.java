// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a record's value holds: who wrote it, which of the writer's records it is, when it was due, and filler that
 * follows from these, so that a reader can check every byte at little cost. The filler is text that compresses about as
 * well as logs do. Immutable, shared by threads.
 */
final class Payload {
    /** Bytes before the filler. */
    static final int HEADER = 24;

    private static final int POOL = 1 << 20;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final String[] WORDS = {
        "{\"order\":",
        "\"customer\":",
        "\"amount\":",
        "\"currency\":\"EUR\",",
        "\"state\":\"paid\",",
        "\"items\":[",
        "],",
        "\"name\":\"",
        "\",",
        "true",
        "false",
        "null",
        "},"
    };

    private final byte[] pool = pool();
    private final int size;

    /** @param size bytes of each value, at least {@link #HEADER} */
    Payload(int size) {
        if (size < HEADER || size > POOL / 2) {
            throw new IllegalArgumentException("a record has " + HEADER + " to " + POOL / 2 + " bytes, not " + size);
        }
        this.size = size;
    }

    byte[] value(int run, int producer, long sequence, long dueNanos) {
        byte[] value = new byte[size];
        INT.set(value, 0, run);
        INT.set(value, 4, producer);
        LONG.set(value, 8, sequence);
        LONG.set(value, 16, dueNanos);
        System.arraycopy(pool, start(producer, sequence, size), value, HEADER, size - HEADER);
        return value;
    }

    static int run(byte[] value) {
        return (int) INT.get(value, 0);
    }

    static int producer(byte[] value) {
        return (int) INT.get(value, 4);
    }

    static long sequence(byte[] value) {
        return (long) LONG.get(value, 8);
    }

    /** When the record was due, on the clock of {@link System#nanoTime()} of the process that wrote it. */
    static long dueNanos(byte[] value) {
        return (long) LONG.get(value, 16);
    }

    /** Whether the filler is what the header says it must be. */
    boolean intact(byte[] value) {
        int from = start(producer(value), sequence(value), value.length);
        return value.length == size
                && Arrays.equals(value, HEADER, value.length, pool, from, from + value.length - HEADER);
    }

    private static int start(int producer, long sequence, int size) {
        long mixed = (sequence * 0x9E3779B97F4A7C15L) ^ (producer * 0x632BE59BD9B4E019L);
        return (int) Math.floorMod(mixed >>> 16, (long) POOL - size);
    }

    private static byte[] pool() {
        SplittableRandom random = new SplittableRandom(42);
        StringBuilder text = new StringBuilder(POOL + 64);
        while (text.length() < POOL) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
            if (random.nextInt(3) > 0) {
                text.append(random.nextInt(1_000_000_000));
            }
        }
        return Arrays.copyOf(text.toString().getBytes(StandardCharsets.ISO_8859_1), POOL);
    }
}
