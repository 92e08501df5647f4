// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.AbstractLegacyRecordBatch;

/** Compressed batches of formats 0 and 1, whose records can only be read all at once. Stateless. */
public final class LegacyRecords {
    private LegacyRecords() {}

    /**
     * How many bytes the records of a compressed batch have when decompressed. None of them is kept.
     *
     * @param maxBytes the most to decompress
     * @throws UndecompressibleException if the bytes are not what they are said to be compressed with
     * @throws TooManyBytesException if there are more than allowed
     */
    public static long decompressedBytes(AbstractLegacyRecordBatch batch, long maxBytes) {
        ByteBuffer compressed = batch.outerRecord().value();
        if (compressed == null) {
            return 0;
        }
        try (RecordBytes bytes =
                RecordBytes.decompressing(compressed, batch.compressionType(), batch.magic(), maxBytes)) {
            while (!bytes.atEnd()) {
                bytes.skipBlock();
            }
            return bytes.consumed();
        }
    }
}
