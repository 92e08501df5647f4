// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.validation;

import io.barnabas.replica.log.InvalidRecordsException;
import io.barnabas.replica.log.LogAppendInfo.RecordError;
import io.barnabas.replica.log.LogConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/** What each record has to fulfil where records are looked at; collects all that fail, then refuses the batch. */
final class RecordRules {
    private static final int SHOWN = 3;

    private final TopicPartition partition;
    private final LogConfig config;
    private final CompressionType source;
    private final long nowMs;
    private final List<RecordError> errors = new ArrayList<>(0);
    private boolean timestampError;

    RecordRules(TopicPartition partition, LogConfig config, CompressionType source, long nowMs) {
        this.partition = partition;
        this.config = config;
        this.source = source;
        this.nowMs = nowMs;
    }

    /** Whether no record failed so far. */
    boolean passed() {
        return errors.isEmpty();
    }

    void check(RecordBatch batch, Record record, int index) {
        if (source != CompressionType.NONE && record.isCompressed()) {
            fail(
                    index,
                    "Compressed outer record should not have an inner record with a compression attribute set: "
                            + record);
        } else if (!record.hasMagic(batch.magic())) {
            fail(
                    index,
                    "Record " + record + "'s magic does not match outer magic " + batch.magic() + " in topic partition "
                            + partition);
        } else {
            checkInner(batch, record);
            if (config.compact() && !record.hasKey()) {
                fail(index, "Compacted topic cannot accept message without key in topic partition " + partition);
            } else {
                checkTimestamp(batch, record, index);
            }
        }
    }

    private void checkInner(RecordBatch batch, Record record) {
        if (batch.magic() <= RecordBatch.MAGIC_VALUE_V1 && batch.isCompressed()) {
            try {
                record.ensureValid();
            } catch (InvalidRecordException e) {
                throw new CorruptRecordException(e.getMessage() + " in topic partition " + partition);
            }
        }
    }

    private void checkTimestamp(RecordBatch batch, Record record, int index) {
        if (config.messageTimestampType() == TimestampType.CREATE_TIME
                && record.timestamp() != RecordBatch.NO_TIMESTAMP) {
            long age = nowMs - record.timestamp();
            if (age > config.messageTimestampBeforeMaxMs() || -age > config.messageTimestampAfterMaxMs()) {
                timestampError = true;
                fail(
                        index,
                        "Timestamp " + record.timestamp() + " of message with offset " + record.offset()
                                + " is out of range. The timestamp should be within ["
                                + (nowMs - config.messageTimestampBeforeMaxMs()) + ", "
                                + (nowMs + config.messageTimestampAfterMaxMs()) + "]");
            }
        } else if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            timestampError = true;
            fail(
                    index,
                    "Invalid timestamp type in message " + record
                            + ". Producer should not set timestamp type to LogAppendTime.");
        }
    }

    private void fail(int index, String message) {
        errors.add(new RecordError(index, message));
    }

    /** @throws InvalidRecordsException if a record failed */
    void refuseIfAnyFailed() {
        if (errors.isEmpty()) {
            return;
        }
        if (timestampError) {
            throw new InvalidRecordsException(
                    new InvalidTimestampException("One or more records have been rejected due to invalid timestamp"),
                    errors);
        }
        throw new InvalidRecordsException(
                new InvalidRecordException("One or more records have been rejected due to " + errors.size()
                        + " record errors in total, and only showing the first three errors at most: "
                        + errors.subList(0, Math.min(errors.size(), SHOWN))),
                errors);
    }
}
