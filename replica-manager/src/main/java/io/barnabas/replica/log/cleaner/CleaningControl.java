// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

import org.apache.kafka.common.TopicPartition;

/** What a cleaning asks while it works. */
interface CleaningControl {
    /** @throws CleaningAbortedException if the partition is to be left alone, or the thread is to end */
    void check(TopicPartition partition);

    /** Whether {@link #check} would pass. */
    boolean isWanted(TopicPartition partition);

    /** Notes bytes read or written and waits as the throttle says, no longer than the partition is wanted. */
    void pace(TopicPartition partition, int bytes);
}
