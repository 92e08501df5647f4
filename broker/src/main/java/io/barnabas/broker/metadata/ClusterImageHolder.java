// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.metadata;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.coordination.cluster.TopicImage;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Holds the cluster's image. One writer, the control plane's loop, makes the next image from the controller's news; any
 * thread reads the current one without a lock.
 */
public final class ClusterImageHolder {
    private final List<ClusterImageListener> listeners = new CopyOnWriteArrayList<>();
    private volatile ClusterImage image = ClusterImage.EMPTY;

    /** The image now. */
    public ClusterImage image() {
        return image;
    }

    /** Hears all images from the next on. */
    public void addListener(ClusterImageListener listener) {
        listeners.add(listener);
    }

    /**
     * Makes and publishes the next image. Only topics that the news name are made anew. Whether the news are stale was
     * checked before.
     *
     * @return the partitions that are being deleted, whether or not they were in the image
     */
    public Set<TopicPartition> apply(UpdateMetadataCommand news) {
        Set<TopicPartition> deleted = new HashSet<>();
        ClusterImage current = image;
        ClusterImage next = new ClusterImage(
                news.controllerId() < 0 ? OptionalInt.empty() : OptionalInt.of(news.controllerId()),
                brokersById(news.liveBrokers()),
                nextTopics(current, news, deleted));
        image = next;
        listeners.forEach(listener -> listener.onImage(next, deleted));
        return deleted;
    }

    private static Map<Integer, BrokerInfo> brokersById(List<BrokerInfo> brokers) {
        Map<Integer, BrokerInfo> byId = new HashMap<>();
        brokers.forEach(broker -> byId.put(broker.id(), broker));
        return byId;
    }

    private static Map<String, TopicImage> nextTopics(
            ClusterImage current, UpdateMetadataCommand news, Set<TopicPartition> deleted) {
        if (news.partitions().isEmpty()) {
            return current.topics();
        }
        Map<String, TopicDraft> drafts = new HashMap<>();
        for (UpdateMetadataCommand.Partition partition : news.partitions()) {
            drafts.computeIfAbsent(
                            partition.topicPartition().topic(),
                            name -> new TopicDraft(current.topics().get(name)))
                    .apply(partition, deleted);
        }
        Map<String, TopicImage> topics = new HashMap<>(current.topics());
        drafts.forEach((name, draft) -> draft.putInto(topics, name));
        return topics;
    }

    /** A topic in the making. */
    private static final class TopicDraft {
        private final Map<Integer, PartitionImage> partitions = new TreeMap<>();
        private Uuid id = Uuid.ZERO_UUID;

        TopicDraft(TopicImage current) {
            if (current != null) {
                partitions.putAll(current.partitions());
                id = current.id();
            }
        }

        void apply(UpdateMetadataCommand.Partition news, Set<TopicPartition> deleted) {
            int index = news.topicPartition().partition();
            if (news.leaderAndIsr().leader() == LeaderAndIsr.LEADER_DURING_DELETE) {
                partitions.remove(index);
                deleted.add(news.topicPartition());
                return;
            }
            if (!news.topicId().equals(Uuid.ZERO_UUID)) {
                id = news.topicId();
            }
            partitions.put(
                    index,
                    new PartitionImage(
                            index,
                            news.controllerEpoch(),
                            news.leaderAndIsr(),
                            news.replicas(),
                            news.offlineReplicas()));
        }

        void putInto(Map<String, TopicImage> topics, String name) {
            if (partitions.isEmpty()) {
                topics.remove(name);
            } else {
                topics.put(name, new TopicImage(name, id, partitions));
            }
        }
    }
}
