// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.validation;

import io.barnabas.replica.log.InvalidRecordsException;
import io.barnabas.replica.log.LogAppendInfo.RecordError;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.record.RecordsWalk;
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

/** What each record has to fulfil; collects those that fail, then refuses the batch. */
final class RecordRules {
    private static final int SHOWN = 3;
    /** How many failed records are told one by one: a batch may have millions. */
    private static final int MOST_TOLD = 10_000;

    private final TopicPartition partition;
    private final LogConfig config;
    private final CompressionType source;
    private final long nowMs;
    private final List<RecordError> errors = new ArrayList<>(0);
    private int failed;
    private boolean timestampError;

    RecordRules(TopicPartition partition, LogConfig config, CompressionType source, long nowMs) {
        this.partition = partition;
        this.config = config;
        this.source = source;
        this.nowMs = nowMs;
    }

    /** Whether no record failed so far. */
    boolean passed() {
        return failed == 0;
    }

    /** Checks a record of whatever format. */
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
            checkContent(batch.timestampType(), record.hasKey(), record.timestamp(), record.offset(), index, record);
        }
    }

    /** Checks the record a walk over a batch of format 2 has come to. */
    void check(TimestampType batchType, RecordsWalk walk) {
        checkContent(batchType, walk.hasKey(), walk.timestamp(), walk.offset(), walk.index(), walk);
    }

    /** @param shown the record, in messages */
    private void checkContent(
            TimestampType batchType, boolean hasKey, long timestamp, long offset, int index, Object shown) {
        if (config.compact() && !hasKey) {
            fail(index, "Compacted topic cannot accept message without key in topic partition " + partition);
        } else if (config.messageTimestampType() == TimestampType.CREATE_TIME
                && timestamp != RecordBatch.NO_TIMESTAMP) {
            checkTimestamp(timestamp, offset, index);
        } else if (batchType == TimestampType.LOG_APPEND_TIME) {
            timestampError = true;
            fail(
                    index,
                    "Invalid timestamp type in message " + shown
                            + ". Producer should not set timestamp type to LogAppendTime.");
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

    private void checkTimestamp(long timestamp, long offset, int index) {
        long age = nowMs - timestamp;
        if (age > config.messageTimestampBeforeMaxMs() || -age > config.messageTimestampAfterMaxMs()) {
            timestampError = true;
            fail(
                    index,
                    "Timestamp " + timestamp + " of message with offset " + offset
                            + " is out of range. The timestamp should be within ["
                            + (nowMs - config.messageTimestampBeforeMaxMs()) + ", "
                            + (nowMs + config.messageTimestampAfterMaxMs()) + "]");
        }
    }

    private void fail(int index, String message) {
        failed++;
        if (errors.size() < MOST_TOLD) {
            errors.add(new RecordError(index, message));
        }
    }

    /** @throws InvalidRecordsException if a record failed */
    void refuseIfAnyFailed() {
        if (passed()) {
            return;
        }
        if (timestampError) {
            throw new InvalidRecordsException(
                    new InvalidTimestampException("One or more records have been rejected due to invalid timestamp"),
                    errors);
        }
        throw new InvalidRecordsException(
                new InvalidRecordException("One or more records have been rejected due to " + failed
                        + " record errors in total, and only showing the first three errors at most: "
                        + errors.subList(0, Math.min(errors.size(), SHOWN))),
                errors);
    }
}
