// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import io.barnabas.coordinator.record.CoordinatorRecord;
import io.barnabas.coordinator.record.FieldReader;
import io.barnabas.coordinator.record.FieldWriter;
import io.barnabas.coordinator.record.RecordCodec;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.RecordBatch;

/**
 * The records of {@code __transaction_state}, byte for byte as Kafka writes them: key version 0, value version 0.
 * Values of version 1 (flexible, KIP-890 part 2) are read. Stateless.
 */
final class TransactionRecordCodec implements RecordCodec<TransactionRecord> {
    private static final short KEY_VERSION = 0;
    private static final short VALUE_VERSION = 0;
    private static final short FLEXIBLE_VERSION = 1;

    @Override
    public CoordinatorRecord encode(TransactionRecord record) {
        return record.isTombstone()
                ? tombstone(record.transactionalId())
                : record(record.transactionalId(), record.stored());
    }

    @Override
    public Optional<TransactionRecord> decode(ByteBuffer key, ByteBuffer value) {
        return readKey(key)
                .map(id ->
                        value == null ? TransactionRecord.tombstone(id) : new TransactionRecord(id, readValue(value)));
    }

    static CoordinatorRecord record(String transactionalId, StoredTransaction stored) {
        return new CoordinatorRecord(key(transactionalId), value(stored));
    }

    static CoordinatorRecord tombstone(String transactionalId) {
        return CoordinatorRecord.tombstone(key(transactionalId));
    }

    private static ByteBuffer key(String transactionalId) {
        return new FieldWriter(4 + transactionalId.length())
                .int16(KEY_VERSION)
                .string(transactionalId)
                .done();
    }

    private static ByteBuffer value(StoredTransaction stored) {
        FieldWriter writer = new FieldWriter(64 + 32 * stored.partitions().size())
                .int16(VALUE_VERSION)
                .int64(stored.producerId())
                .int16(stored.producerEpoch())
                .int32(stored.timeoutMs())
                .int8(stored.state().id());
        if (stored.state() == TransactionState.EMPTY) {
            writer.int32(-1);
        } else {
            writePartitions(writer, stored.partitions());
        }
        return writer.int64(stored.lastUpdateMs())
                .int64(stored.state() == TransactionState.EMPTY ? StoredTransaction.NOT_STARTED : stored.startMs())
                .done();
    }

    private static void writePartitions(FieldWriter writer, Set<TopicPartition> partitions) {
        Map<String, List<Integer>> topics = partitions.stream()
                .collect(Collectors.groupingBy(
                        TopicPartition::topic,
                        TreeMap::new,
                        Collectors.mapping(TopicPartition::partition, Collectors.toList())));
        writer.int32(topics.size());
        topics.forEach((topic, indexes) -> {
            writer.string(topic).int32(indexes.size());
            indexes.stream().sorted().forEach(writer::int32);
        });
    }

    /** The transactional id of a key; empty for a key of another kind. */
    static Optional<String> readKey(ByteBuffer key) {
        ByteBuffer buffer = key.duplicate();
        return buffer.getShort() == KEY_VERSION
                ? Optional.of(new FieldReader(buffer, false).string())
                : Optional.empty();
    }

    /** @throws IllegalStateException if the version is unknown: a newer broker's data must not be dropped silently */
    static StoredTransaction readValue(ByteBuffer value) {
        ByteBuffer buffer = value.duplicate();
        short version = buffer.getShort();
        if (version < 0 || version > FLEXIBLE_VERSION) {
            throw new IllegalStateException("Unknown version " + version + " of a transaction's record");
        }
        FieldReader reader = new FieldReader(buffer, version >= FLEXIBLE_VERSION);
        long producerId = reader.int64();
        short producerEpoch = reader.int16();
        int timeoutMs = reader.int32();
        TransactionState state = TransactionState.of(reader.int8());
        Set<TopicPartition> partitions = readPartitions(reader);
        long lastUpdateMs = reader.int64();
        long startMs = reader.int64();
        return new StoredTransaction(
                producerId,
                RecordBatch.NO_PRODUCER_ID,
                producerEpoch,
                RecordBatch.NO_PRODUCER_EPOCH,
                timeoutMs,
                state,
                state == TransactionState.EMPTY ? Set.of() : partitions,
                startMs,
                lastUpdateMs);
    }

    private static Set<TopicPartition> readPartitions(FieldReader reader) {
        Set<TopicPartition> partitions = new HashSet<>();
        int topics = reader.arrayLength();
        for (int i = 0; i < topics; i++) {
            String topic = reader.string();
            int indexes = reader.arrayLength();
            for (int j = 0; j < indexes; j++) {
                partitions.add(new TopicPartition(topic, reader.int32()));
            }
            reader.skipTaggedFields();
        }
        return partitions;
    }
}
