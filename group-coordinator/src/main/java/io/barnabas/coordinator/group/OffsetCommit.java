// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Offsets to commit. The answer is an error code for each partition.
 *
 * @param memberId empty for a consumer that is not managed by the group
 * @param groupInstanceId of a static member, else null
 * @param generationId -1 for a consumer that is not managed by the group
 * @param offsets by partition; partitions that do not exist are sorted out before
 */
public record OffsetCommit(
        String groupId,
        String memberId,
        String groupInstanceId,
        int generationId,
        Map<TopicPartition, CommittedOffset> offsets) {
    /** Copies the offsets, in their order. */
    public OffsetCommit {
        offsets = new LinkedHashMap<>(offsets);
    }
}
