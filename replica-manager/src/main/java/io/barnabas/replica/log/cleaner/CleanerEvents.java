// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import io.barnabas.coordination.event.Event;
import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/** What is told of compaction. */
final class CleanerEvents {
    private CleanerEvents() {}

    /** A log was cleaned, from an offset to another; it took {@code ms}. */
    record LogCompacted(
            TopicPartition partition,
            long dirtyFrom,
            long cleanTo,
            long bytesBefore,
            long bytesAfter,
            long recordsBefore,
            long recordsAfter,
            long ms,
            String why)
            implements Event {}

    /** A log is not cleaned any more (KIP-346). */
    record LogUncleanable(TopicPartition partition, Path dir, String why) implements Event {}
}
