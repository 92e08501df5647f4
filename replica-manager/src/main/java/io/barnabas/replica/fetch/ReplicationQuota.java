// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import org.apache.kafka.common.TopicPartition;

/**
 * The replication throttle of one side, leader or follower (KIP-73): who is throttled, and whether the rate is used up.
 * Thread-safe and cheap; asked on every fetch.
 */
public interface ReplicationQuota {
    /** A quota that never throttles. */
    ReplicationQuota UNLIMITED = new ReplicationQuota() {
        @Override
        public boolean isThrottled(TopicPartition partition) {
            return false;
        }

        @Override
        public boolean isExceeded() {
            return false;
        }

        @Override
        public void record(long bytes) {}
    };

    /** Whether the partition's replica here is in its topic's list of throttled replicas. */
    boolean isThrottled(TopicPartition partition);

    /** Whether the throttled bytes of the window exceed the rate. */
    boolean isExceeded();

    /** Counts bytes of a throttled partition. */
    void record(long bytes);
}
