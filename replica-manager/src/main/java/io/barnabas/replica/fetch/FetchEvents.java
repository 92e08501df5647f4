// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.coordination.event.Event;
import org.apache.kafka.common.TopicPartition;

/** What is told of following. */
final class FetchEvents {
    private FetchEvents() {}

    /** A partition is not fetched any more until the controller orders something new. */
    record FetchParked(TopicPartition partition, int leader, int leaderEpoch, long offset, String why)
            implements Event {}

    /** A follower cut off what its leader does not have. */
    record FollowerTruncated(TopicPartition partition, int leader, int leaderEpoch, long from, long to, String why)
            implements Event {}
}
