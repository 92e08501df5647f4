// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.record;

import org.apache.kafka.common.utils.BufferSupplier;

/**
 * What decompressing needs beside the batch: what the decompressor works with, and a block to see records in. Each
 * thread keeps one set for its next batch; a second walk of the same thread, meanwhile, gets a set of its own.
 */
final class DecompressionBuffers {
    private static final int BLOCK_BYTES = 8 * 1024;
    private static final ThreadLocal<DecompressionBuffers> KEPT = new ThreadLocal<>();

    private final BufferSupplier supplier = BufferSupplier.create();
    private final byte[] block = new byte[BLOCK_BYTES];

    private DecompressionBuffers() {}

    static DecompressionBuffers take() {
        DecompressionBuffers kept = KEPT.get();
        if (kept == null) {
            return new DecompressionBuffers();
        }
        KEPT.set(null);
        return kept;
    }

    void giveBack() {
        KEPT.set(this);
    }

    BufferSupplier supplier() {
        return supplier;
    }

    /** Decompressed bytes, a piece at a time. */
    byte[] block() {
        return block;
    }
}
