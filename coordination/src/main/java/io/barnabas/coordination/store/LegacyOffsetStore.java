// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** Offsets as OffsetCommit v0 keeps them: {@code /consumers/GROUP/offsets/TOPIC/PARTITION}, last writer wins. */
public interface LegacyOffsetStore {
    /** Writes an offset to {@code /consumers}, as clients of OffsetCommit v0 expect. */
    CompletableFuture<Void> commit(String groupId, TopicPartition partition, long offset);

    /** Empty if nothing was committed. */
    CompletableFuture<OptionalLong> fetch(String groupId, TopicPartition partition);
}
