// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Nodes that list partitions: ISR notes, the preferred election, the legacy reassignment with its replicas. */
public final class PartitionListCodec {
    private PartitionListCodec() {}

    /** A node that lists partitions. */
    public static byte[] encode(Collection<TopicPartition> partitions) {
        ObjectNode json = Json.object().put("version", 1);
        ArrayNode list = json.putArray("partitions");
        partitions.forEach(p -> putPartition(list, p));
        return Json.bytes(json);
    }

    /** The partitions a node lists. */
    public static Set<TopicPartition> decode(String path, byte[] data) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (JsonNode entry : list(path, data)) {
            partitions.add(partition(path, entry));
        }
        return partitions;
    }

    /** A reassignment: partitions with their new replicas. */
    public static byte[] encodeReassignment(Map<TopicPartition, List<Integer>> reassignment) {
        ObjectNode json = Json.object().put("version", 1);
        ArrayNode list = json.putArray("partitions");
        reassignment.forEach((partition, replicas) -> {
            ArrayNode array = putPartition(list, partition).putArray("replicas");
            replicas.forEach(array::add);
        });
        return Json.bytes(json);
    }

    /** The new replicas by partition. */
    public static Map<TopicPartition, List<Integer>> decodeReassignment(String path, byte[] data) {
        Map<TopicPartition, List<Integer>> reassignment = new LinkedHashMap<>();
        for (JsonNode entry : list(path, data)) {
            reassignment.put(partition(path, entry), Json.ints(path, entry.get("replicas")));
        }
        return reassignment;
    }

    private static JsonNode list(String path, byte[] data) {
        return Json.required(path, Json.parse(path, data), "partitions");
    }

    private static ObjectNode putPartition(ArrayNode list, TopicPartition partition) {
        return list.addObject().put("topic", partition.topic()).put("partition", partition.partition());
    }

    private static TopicPartition partition(String path, JsonNode entry) {
        return new TopicPartition(
                Json.required(path, entry, "topic").asText(), Json.requiredInt(path, entry, "partition"));
    }
}
