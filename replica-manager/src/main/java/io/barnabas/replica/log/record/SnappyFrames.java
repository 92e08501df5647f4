// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.record;

import java.nio.ByteBuffer;

/**
 * Looks over snappy's frames before anybody decompresses them: the library takes as much memory as a frame says it
 * needs, up to two gigabytes for a few bytes. Stateless.
 */
final class SnappyFrames {
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int HEADER = 16;
    /** Snappy makes 64 bytes of three at best. */
    private static final int MOST_PER_BYTE = 32;

    private SnappyFrames() {}

    /**
     * Looks at bytes that are to be decompressed; their position stays.
     *
     * @throws UndecompressibleException if a frame claims what cannot be true
     */
    static void check(ByteBuffer compressed) {
        ByteBuffer bytes = compressed.duplicate();
        if (bytes.remaining() < HEADER || bytes.getLong(bytes.position()) != MAGIC) {
            checkFrame(bytes, bytes.remaining());
            return;
        }
        bytes.position(bytes.position() + HEADER);
        while (bytes.remaining() >= Integer.BYTES) {
            int size = bytes.getInt();
            if (size == (int) (MAGIC >>> Integer.SIZE) && bytes.remaining() >= HEADER - Integer.BYTES) {
                bytes.position(bytes.position() + HEADER - Integer.BYTES);
            } else {
                checkFrame(bytes, size);
                bytes.position(bytes.position() + size);
            }
        }
    }

    private static void checkFrame(ByteBuffer bytes, int size) {
        if (size <= 0 || size > bytes.remaining()) {
            throw new UndecompressibleException("A frame of snappy of " + size + " bytes", null);
        }
        long claimed = 0;
        int at = bytes.position();
        for (int shift = 0; shift < Integer.SIZE && at < bytes.position() + size; shift += 7) {
            byte b = bytes.get(at++);
            claimed |= (b & 0x7fL) << shift;
            if (b >= 0) {
                break;
            }
        }
        if (claimed > (long) size * MOST_PER_BYTE) {
            throw new UndecompressibleException("A frame of snappy of " + size + " bytes that claims " + claimed, null);
        }
    }
}
