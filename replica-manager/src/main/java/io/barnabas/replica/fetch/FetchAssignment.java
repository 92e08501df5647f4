// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * One partition to be fetched, as LeaderAndIsr ordered.
 *
 * @param topicId the topic's id, zero if none
 * @param leader whom to fetch from
 * @param leaderEpoch the epoch of that leadership
 * @param log the local replica
 * @param notBeforeMs when the first fetch goes out at the earliest, ms since 1970; 0 for at once
 */
public record FetchAssignment(Uuid topicId, LeaderAddress leader, int leaderEpoch, FollowerLog log, long notBeforeMs) {
    /** The partition to copy. */
    public TopicPartition topicPartition() {
        return log.topicPartition();
    }
}
