// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.Optional;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;

/**
 * What a look inside a client's batch came to, before it is appended; see {@link PartitionLog#judge}. It is all an
 * append needs to know of the records, so that looking can be done where it costs nobody else anything.
 *
 * @param kind whether there was a look
 * @param maxTimestamp the largest timestamp of the records, -1 if none has one
 * @param rebuilt the records in the form the topic wants, from offset 0 on, where they came in another
 * @param refusal why they are refused, which the append says when its turn has come
 */
public record RecordsVerdict(
        Kind kind, long maxTimestamp, Optional<MemoryRecords> rebuilt, Optional<RuntimeException> refusal) {
    /** How far the look went. */
    public enum Kind {
        /** To the last record, or to the one that is wrong. */
        LOOKED,
        /** There was none: the append judges by what it sees. */
        LEFT_OPEN,
        /** Up to as many bytes as were allowed. */
        TOO_MUCH
    }

    /** The append judges itself: an old format, or nothing that is a batch. */
    public static final RecordsVerdict OPEN =
            new RecordsVerdict(Kind.LEFT_OPEN, RecordBatch.NO_TIMESTAMP, Optional.empty(), Optional.empty());

    /** More than was allowed. */
    public static final RecordsVerdict TOO_MUCH =
            new RecordsVerdict(Kind.TOO_MUCH, RecordBatch.NO_TIMESTAMP, Optional.empty(), Optional.empty());

    /** The records are as they should be. */
    public static RecordsVerdict good(long maxTimestamp) {
        return new RecordsVerdict(Kind.LOOKED, maxTimestamp, Optional.empty(), Optional.empty());
    }

    /** The records are as they should be, and these take their place. */
    public static RecordsVerdict rebuilt(MemoryRecords records) {
        return new RecordsVerdict(Kind.LOOKED, RecordBatch.NO_TIMESTAMP, Optional.of(records), Optional.empty());
    }

    /** The records are refused. */
    public static RecordsVerdict refused(RuntimeException why) {
        return new RecordsVerdict(Kind.LOOKED, RecordBatch.NO_TIMESTAMP, Optional.empty(), Optional.of(why));
    }
}
