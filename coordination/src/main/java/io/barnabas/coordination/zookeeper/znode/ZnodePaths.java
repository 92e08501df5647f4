// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Where things are, as in Kafka 3.9. */
public final class ZnodePaths {
    public static final String BROKER_IDS = "/brokers/ids";
    public static final String BROKER_SEQUENCE = "/brokers/seqid";
    public static final String TOPICS = "/brokers/topics";
    public static final String CLUSTER_ID = "/cluster/id";
    public static final String CONFIG = "/config";
    public static final String CONFIG_CHANGES = "/config/changes";
    public static final String CONFIG_CHANGE_PREFIX = "config_change_";
    public static final String CONTROLLER = "/controller";
    public static final String CONTROLLER_EPOCH = "/controller_epoch";
    public static final String CONSUMERS = "/consumers";
    public static final String DELETE_TOPICS = "/admin/delete_topics";
    public static final String FEATURE = "/feature";
    public static final String ISR_CHANGES = "/isr_change_notification";
    public static final String ISR_CHANGE_PREFIX = "isr_change_";
    public static final String LOG_DIR_EVENTS = "/log_dir_event_notification";
    public static final String LOG_DIR_EVENT_PREFIX = "log_dir_event_";
    public static final String PREFERRED_ELECTION = "/admin/preferred_replica_election";
    public static final String PRODUCER_IDS = "/latest_producer_id_block";
    public static final String REASSIGN_PARTITIONS = "/admin/reassign_partitions";

    /** What every broker creates at start where missing; those of ACLs and delegation tokens come with these features. */
    public static final List<String> PERSISTENT = List.of(
            CONSUMERS,
            BROKER_IDS,
            TOPICS,
            CONFIG_CHANGES,
            DELETE_TOPICS,
            BROKER_SEQUENCE,
            ISR_CHANGES,
            PRODUCER_IDS,
            LOG_DIR_EVENTS,
            CONFIG + "/topics",
            CONFIG + "/clients",
            CONFIG + "/users",
            CONFIG + "/brokers",
            CONFIG + "/ips");

    private ZnodePaths() {}

    /** A broker's registration. */
    public static String broker(int id) {
        return BROKER_IDS + "/" + id;
    }

    /** A topic's assignment. */
    public static String topic(String name) {
        return TOPICS + "/" + name;
    }

    /** The parent of a topic's partitions. */
    public static String partitions(String topic) {
        return topic(topic) + "/partitions";
    }

    /** The parent of a partition's state. */
    public static String partition(TopicPartition partition) {
        return partitions(partition.topic()) + "/" + partition.partition();
    }

    /** A partition's state. */
    public static String state(TopicPartition partition) {
        return partition(partition) + "/state";
    }

    /** The request to delete a topic. */
    public static String deletion(String topic) {
        return DELETE_TOPICS + "/" + topic;
    }

    /** The path of a child. */
    public static String child(String parent, String name) {
        return parent + "/" + name;
    }

    /** The parent of a path, empty for a path right below the root. */
    public static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
