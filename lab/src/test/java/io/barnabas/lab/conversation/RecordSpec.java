// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/**
 * Record batches as scripts write them: an array of batches, each an object with {@code values} (a text, or {@code
 * k=v}, or {@code =v} without a key, or a number of characters) and, where it matters, {@code magic codec pid epoch seq
 * txn control base ts header times step}; {@code spoil} then does one wrong thing to the bytes. A text instead of an
 * array is sent as it is.
 */
final class RecordSpec {
    /** Recent enough for every retention, and the same for both kinds. */
    static final long BASE_MS = System.currentTimeMillis() - 3_600_000;

    private static final int CRC_OFFSET = 17;
    private static final int LENGTH_OFFSET = 8;
    private static final int MAGIC_OFFSET = 16;
    private static final int ATTRIBUTES_OFFSET = 21;
    private static final int LAST_OFFSET_DELTA_OFFSET = 23;
    private static final int FIRST_TIME_OFFSET = 27;
    private static final int MAX_TIME_OFFSET = 35;
    private static final int COUNT_OFFSET = 57;

    private RecordSpec() {}

    static ByteBuffer build(JsonNode spec) {
        if (spec.isTextual()) {
            return ByteBuffer.wrap(spec.asText().getBytes(StandardCharsets.UTF_8));
        }
        List<ByteBuffer> batches = new ArrayList<>();
        spec.forEach(batch -> batches.add(batch(batch)));
        ByteBuffer all = ByteBuffer.allocate(
                batches.stream().mapToInt(ByteBuffer::remaining).sum());
        batches.forEach(all::put);
        return all.flip();
    }

    private static ByteBuffer batch(JsonNode spec) {
        long pid = spec.path("pid").asLong(-1);
        byte magic = (byte) spec.path("magic").asInt(2);
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                magic,
                Compression.of(codec(spec.path("codec"))).build(),
                spec.path("append_time").asBoolean() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                spec.path("base").asLong(0),
                BASE_MS,
                pid,
                (short) Math.max(spec.path("epoch").asInt(-1), pid < 0 ? -1 : 0),
                Math.max(spec.path("seq").asInt(-1), pid < 0 ? -1 : 0),
                spec.path("txn").asBoolean(),
                false,
                spec.path("leader_epoch").asInt(-1));
        long timestamp = spec.has("time")
                ? spec.get("time").asLong()
                : BASE_MS + spec.path("ts").asLong();
        long offset = spec.path("base").asLong(0);
        int index = 0;
        for (JsonNode value : spec.path("values")) {
            long at = spec.has("times") ? BASE_MS + spec.get("times").get(index).asLong() : timestamp++;
            append(builder, value, at, offset, spec);
            offset += spec.path("step").asInt(1);
            index++;
        }
        ByteBuffer bytes = builder.build().buffer().duplicate();
        return spec.has("spoil") ? spoil(bytes, spec.get("spoil").asText()) : bytes;
    }

    private static CompressionType codec(JsonNode codec) {
        return codec.isNumber() ? CompressionType.forId(codec.asInt()) : CompressionType.forName(codec.asText("none"));
    }

    private static void append(
            MemoryRecordsBuilder builder, JsonNode value, long timestamp, long offset, JsonNode spec) {
        String text = value.isNumber() ? "x".repeat(value.asInt()) : value.asText();
        int split = value.isNumber() ? -1 : text.indexOf('=');
        byte[] key = split > 0 ? bytes(text.substring(0, split)) : null;
        byte[] content = value.isNull() ? null : bytes(text.substring(split + 1));
        if (spec.has("header")) {
            builder.appendWithOffset(offset, timestamp, key, content, new RecordHeader[] {
                new RecordHeader("h", bytes(spec.get("header").asText()))
            });
        } else {
            builder.appendWithOffset(offset, timestamp, key, content);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One fault; what changes a header of magic 2 is given a true CRC again, so that only the fault meant is there. */
    private static ByteBuffer spoil(ByteBuffer bytes, String how) {
        ByteBuffer own = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        int last = own.limit() - 1;
        switch (how) {
            case "crc" -> own.putInt(CRC_OFFSET, own.getInt(CRC_OFFSET) ^ 1);
            case "content" -> own.put(last, (byte) (own.get(last) ^ 0x55));
            case "magic" -> own.put(MAGIC_OFFSET, (byte) 9);
            case "short" -> own.limit(last);
            case "length" -> own.putInt(LENGTH_OFFSET, 3);
            case "long" -> own.putInt(LENGTH_OFFSET, own.getInt(LENGTH_OFFSET) + 100);
            case "count" -> sealed(own.putInt(COUNT_OFFSET, own.getInt(COUNT_OFFSET) + 1));
            case "delta" -> sealed(own.putInt(LAST_OFFSET_DELTA_OFFSET, own.getInt(LAST_OFFSET_DELTA_OFFSET) + 4));
            case "negative-count" -> sealed(own.putInt(COUNT_OFFSET, -5));
            case "fewer" -> recounted(own, -1);
            case "more" -> recounted(own, 1);
            case "far-more" -> recounted(own, Integer.MAX_VALUE - 10);
            case "delta-by-count" -> sealed(own.putInt(LAST_OFFSET_DELTA_OFFSET, own.getInt(COUNT_OFFSET) - 1));
            case "max-unset" -> sealed(own.putLong(MAX_TIME_OFFSET, -1));
            case "max-early" -> sealed(own.putLong(MAX_TIME_OFFSET, own.getLong(FIRST_TIME_OFFSET)));
            case "max-late" -> sealed(own.putLong(MAX_TIME_OFFSET, own.getLong(MAX_TIME_OFFSET) + 86_400_000));
            case "other-codec" ->
                sealed(own.putShort(ATTRIBUTES_OFFSET, (short) ((own.getShort(ATTRIBUTES_OFFSET) + 1) % 5)));
            case "codec" -> sealed(own.putShort(21, (short) (own.getShort(21) | 7)));
            case "control" -> sealed(own.putShort(21, (short) (own.getShort(21) | 0x20)));
            case "compressed" -> sealed(own.putShort(21, (short) (own.getShort(21) | 1)));
            case "no-sequence" -> sealed(own.putInt(53, -1));
            case "no-epoch" -> sealed(own.putShort(51, (short) -1));
            case "no-producer" -> sealed(own.putLong(43, -1));
            case "record" -> sealed(own.put(61, (byte) 0x7e));
            default -> throw new IllegalArgumentException("no such fault: " + how);
        }
        return own;
    }

    /** Says that there are more or fewer records, without contradicting itself. */
    private static void recounted(ByteBuffer own, int more) {
        own.putInt(LAST_OFFSET_DELTA_OFFSET, own.getInt(LAST_OFFSET_DELTA_OFFSET) + more);
        sealed(own.putInt(COUNT_OFFSET, own.getInt(COUNT_OFFSET) + more));
    }

    private static void sealed(ByteBuffer own) {
        ByteBuffer covered = own.duplicate().position(21);
        CRC32C crc = new CRC32C();
        crc.update(covered.slice());
        own.putInt(CRC_OFFSET, (int) crc.getValue());
    }

    /** What was read, batch by batch; a rest that is no whole batch as its size. */
    static JsonNode describe(MemoryRecords records) {
        ArrayNode batches = JsonNodeFactory.instance.arrayNode();
        int size = 0;
        for (RecordBatch batch : records.batches()) {
            size += batch.sizeInBytes();
            batches.add(describe(batch));
        }
        if (records.sizeInBytes() > size) {
            batches.add("and " + (records.sizeInBytes() - size) + " bytes");
        }
        return batches;
    }

    private static String describe(RecordBatch batch) {
        StringBuilder line = new StringBuilder()
                .append("magic ")
                .append(batch.magic())
                .append(" offsets ")
                .append(batch.magic() >= 2 ? batch.baseOffset() : -1)
                .append("..")
                .append(batch.lastOffset())
                .append(" size ")
                .append(batch.sizeInBytes())
                .append(' ')
                .append(batch.compressionType())
                .append(' ')
                .append(batch.timestampType())
                .append(" max ")
                .append(time(batch.maxTimestamp()));
        if (batch instanceof DefaultRecordBatch whole) {
            line.append(" first ")
                    .append(time(whole.baseTimestamp()))
                    .append(" epoch ")
                    .append(batch.partitionLeaderEpoch())
                    .append(" producer ")
                    .append(batch.producerId())
                    .append('/')
                    .append(batch.producerEpoch())
                    .append('/')
                    .append(batch.baseSequence())
                    .append(batch.isTransactional() ? " transactional" : "")
                    .append(batch.isControlBatch() ? " control" : "")
                    .append(batch.isValid() ? "" : " BROKEN");
        }
        line.append(':');
        try {
            batch.forEach(record -> line.append(' ').append(describe(record)));
        } catch (KafkaException e) {
            line.append(" unreadable");
        }
        return line.toString();
    }

    private static String describe(Record record) {
        return record.offset() + "@" + time(record.timestamp()) + "/" + text(record.key()) + "=" + text(record.value())
                + (record.headers().length == 0 ? "" : "+" + record.headers().length);
    }

    private static String time(long timestampMs) {
        return timestampMs > BASE_MS + 1_800_000 ? "now" : timestampMs < 0 ? "none" : "base+" + (timestampMs - BASE_MS);
    }

    private static String text(ByteBuffer bytes) {
        if (bytes == null) {
            return "null";
        }
        String text = StandardCharsets.ISO_8859_1.decode(bytes).toString();
        return text.length() > 40 ? text.length() + " characters" : text.replaceAll("[^ -~]", ".");
    }
}
