// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.replica.log.segment.LogSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.MemoryRecords;

/** Reads a segment piece by piece into one buffer, which grows for a larger batch and shrinks again. One thread. */
final class SegmentChunks {
    private final int bufferBytes;
    private ByteBuffer buffer;

    SegmentChunks(int bufferBytes) {
        this.bufferBytes = bufferBytes;
        this.buffer = ByteBuffer.allocate(bufferBytes);
    }

    /**
     * Whole batches from a position on, at least one; valid until the next call.
     *
     * @throws CorruptRecordException if there is no whole batch
     */
    MemoryRecords read(LogSegment segment, int position) throws IOException {
        MemoryRecords records = fill(segment, position);
        Integer first = records.firstBatchSize();
        int left = segment.size() - position;
        if (first == null || first > left) {
            throw new CorruptRecordException("Log segment may be corrupt, batch size " + first + " > " + left
                    + " bytes left in segment for log segment " + segment.file() + " at position " + position);
        }
        if (first > buffer.capacity()) {
            buffer = ByteBuffer.allocate(first);
            records = fill(segment, position);
        }
        return records;
    }

    private MemoryRecords fill(LogSegment segment, int position) throws IOException {
        buffer.clear();
        segment.readInto(buffer, position);
        return MemoryRecords.readableRecords(buffer);
    }

    /** Gives back what a large batch needed. */
    void restore() {
        if (buffer.capacity() > bufferBytes) {
            buffer = ByteBuffer.allocate(bufferBytes);
        }
    }
}
