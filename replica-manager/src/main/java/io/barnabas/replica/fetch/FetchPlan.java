// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The next fetch of a session (KIP-227): only what changed since the last one, or everything in a full fetch.
 *
 * @param sessionId the session, 0 for none
 * @param sessionEpoch 0 asks for a new session, -1 for none, otherwise the next of the session
 * @param useTopicIds whether every partition of the session has a topic id, so that version 13 and later may be used
 * @param partitions what to add to or change in the session
 * @param forgotten what to drop from the session
 */
public record FetchPlan(
        int sessionId,
        int sessionEpoch,
        boolean useTopicIds,
        List<PartitionFetch> partitions,
        List<ForgottenPartition> forgotten) {
    /**
     * One partition to fetch.
     *
     * @param topicPartition which
     * @param topicId its topic's id, zero if none
     * @param fetchOffset the offset to fetch from
     * @param logStartOffset the follower's log start offset
     * @param currentLeaderEpoch the leader epoch the follower knows
     * @param lastFetchedEpoch the epoch of the last record before the fetch offset, -1 if unknown (KIP-595)
     */
    public record PartitionFetch(
            TopicPartition topicPartition,
            Uuid topicId,
            long fetchOffset,
            long logStartOffset,
            int currentLeaderEpoch,
            int lastFetchedEpoch) {}

    /**
     * One partition dropped from the session.
     *
     * @param topicPartition which
     * @param topicId the id it was added under
     * @param replaced whether it is dropped only because its topic id changed, and is fetched anew
     */
    public record ForgottenPartition(TopicPartition topicPartition, Uuid topicId, boolean replaced) {}
}
