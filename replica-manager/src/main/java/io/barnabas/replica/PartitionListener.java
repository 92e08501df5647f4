// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import org.apache.kafka.common.TopicPartition;

/**
 * Hears one partition led here, until it is led no longer. Called under no lock, by whichever thread moved the
 * partition; must return at once. Calls about one partition may overlap: take the greatest offset.
 */
public interface PartitionListener {
    /** The high watermark moved to {@code offset}. */
    default void onHighWatermark(TopicPartition partition, long offset) {}

    /** Its log directory failed. */
    default void onFailed(TopicPartition partition) {}

    /** It was stopped and deleted. */
    default void onDeleted(TopicPartition partition) {}

    /** This broker follows it from now on. */
    default void onBecomingFollower(TopicPartition partition) {}
}
