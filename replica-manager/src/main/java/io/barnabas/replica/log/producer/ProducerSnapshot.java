// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.utils.Crc32C;

/**
 * A {@code .snapshot} file: the producers as of an offset. Version 1: 2 bytes version, 4 bytes CRC-32C of what follows,
 * the number of entries, and 54 bytes an entry.
 */
final class ProducerSnapshot {
    private static final short CURRENT_VERSION = 1;
    private static final int CRC_OFFSET = 2;
    private static final int ENTRIES_OFFSET = 6;
    private static final int ENTRY_SIZE = 8 + 2 + 4 + 8 + 4 + 8 + 4 + 8;

    private ProducerSnapshot() {}

    static byte[] encode(Collection<ProducerEntry> entries) {
        ByteBuffer out = ByteBuffer.allocate(ENTRIES_OFFSET + 4 + entries.size() * ENTRY_SIZE);
        out.putShort(CURRENT_VERSION).putInt(0).putInt(entries.size());
        for (ProducerEntry entry : entries) {
            out.putLong(entry.producerId())
                    .putShort(entry.producerEpoch())
                    .putInt(entry.lastSequence())
                    .putLong(entry.lastDataOffset())
                    .putInt(entry.lastOffsetDelta())
                    .putLong(entry.lastTimestamp())
                    .putInt(entry.coordinatorEpoch())
                    .putLong(entry.transactionFirstOffset());
        }
        long crc = Crc32C.compute(out.array(), ENTRIES_OFFSET, out.limit() - ENTRIES_OFFSET);
        out.putInt(CRC_OFFSET, (int) crc);
        return out.array();
    }

    /** @throws CorruptSnapshotException if the content cannot be right */
    static List<ProducerEntry> read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            short version = in.getShort();
            if (version != CURRENT_VERSION) {
                throw new CorruptSnapshotException("Snapshot contained an unknown file version " + version);
            }
            int crc = in.getInt();
            if (crc != (int) Crc32C.compute(bytes, ENTRIES_OFFSET, bytes.length - ENTRIES_OFFSET)) {
                throw new CorruptSnapshotException("Snapshot is corrupt (CRC is no longer valid). Stored crc: " + crc);
            }
            int count = in.getInt();
            List<ProducerEntry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(readEntry(in));
            }
            return entries;
        } catch (BufferUnderflowException e) {
            throw new CorruptSnapshotException("Snapshot " + file + " ends early");
        }
    }

    private static ProducerEntry readEntry(ByteBuffer in) {
        long producerId = in.getLong();
        short epoch = in.getShort();
        int lastSequence = in.getInt();
        long lastOffset = in.getLong();
        int offsetDelta = in.getInt();
        long timestamp = in.getLong();
        int coordinatorEpoch = in.getInt();
        long transactionFirstOffset = in.getLong();
        ProducerEntry entry = new ProducerEntry(
                producerId, epoch, coordinatorEpoch, timestamp, Math.max(-1L, transactionFirstOffset));
        if (lastOffset >= 0) {
            entry.addBatch(epoch, new BatchMetadata(lastSequence, lastOffset, offsetDelta, timestamp));
        }
        return entry;
    }

    /** A snapshot that cannot be read; the next older one will do. */
    static final class CorruptSnapshotException extends IOException {
        private static final long serialVersionUID = 1L;

        CorruptSnapshotException(String message) {
            super(message);
        }
    }
}
