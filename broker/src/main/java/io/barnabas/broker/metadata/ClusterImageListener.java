// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.metadata;

import io.barnabas.coordination.cluster.ClusterImage;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Hears of new images, on the thread that applied the controller's news; must return at once. */
public interface ClusterImageListener {
    /**
     * The image changed.
     *
     * @param image the new one
     * @param deleted partitions that are in it no longer
     */
    void onImage(ClusterImage image, Set<TopicPartition> deleted);
}
