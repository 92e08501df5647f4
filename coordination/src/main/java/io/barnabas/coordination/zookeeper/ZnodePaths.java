// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Where things are, as in Kafka 3.9. */
final class ZnodePaths {
    static final String BROKER_IDS = "/brokers/ids";
    static final String BROKER_SEQUENCE = "/brokers/seqid";
    static final String TOPICS = "/brokers/topics";
    static final String CLUSTER_ID = "/cluster/id";
    static final String CONFIG = "/config";
    static final String CONFIG_CHANGES = "/config/changes";
    static final String CONFIG_CHANGE_PREFIX = "config_change_";
    static final String CONTROLLER = "/controller";
    static final String CONTROLLER_EPOCH = "/controller_epoch";
    static final String CONSUMERS = "/consumers";
    static final String DELETE_TOPICS = "/admin/delete_topics";
    static final String FEATURE = "/feature";
    static final String ISR_CHANGES = "/isr_change_notification";
    static final String ISR_CHANGE_PREFIX = "isr_change_";
    static final String LOG_DIR_EVENTS = "/log_dir_event_notification";
    static final String LOG_DIR_EVENT_PREFIX = "log_dir_event_";
    static final String PREFERRED_ELECTION = "/admin/preferred_replica_election";
    static final String PRODUCER_IDS = "/latest_producer_id_block";
    static final String REASSIGN_PARTITIONS = "/admin/reassign_partitions";

    /** What every broker creates at start where missing; those of ACLs and delegation tokens come with these features. */
    static final List<String> PERSISTENT = List.of(
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

    static String broker(int id) {
        return BROKER_IDS + "/" + id;
    }

    static String topic(String name) {
        return TOPICS + "/" + name;
    }

    static String partitions(String topic) {
        return topic(topic) + "/partitions";
    }

    static String partition(TopicPartition partition) {
        return partitions(partition.topic()) + "/" + partition.partition();
    }

    static String state(TopicPartition partition) {
        return partition(partition) + "/state";
    }

    static String deletion(String topic) {
        return DELETE_TOPICS + "/" + topic;
    }

    static String child(String parent, String name) {
        return parent + "/" + name;
    }

    /** The parent of a path, empty for a path right below the root. */
    static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
