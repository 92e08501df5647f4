// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.error.StoreDataException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** {@code /brokers/topics/T}: writes format 3, reads 1 (assignment only), 2 (reassignments) and 3 (topic id). */
public final class TopicCodec {
    private static final int VERSION = 3;

    private TopicCodec() {}

    /** The node of a topic, in format 3. */
    public static byte[] encode(TopicRecord topic) {
        ObjectNode json = Json.object();
        ObjectNode partitions = json.putObject("partitions");
        topic.id().ifPresent(id -> json.put("topic_id", id.toString()));
        ObjectNode adding = json.putObject("adding_replicas");
        ObjectNode removing = json.putObject("removing_replicas");
        for (Integer partition : HashOrder.sort(topic.partitions().keySet())) {
            ReplicaAssignment assignment = topic.partitions().get(partition);
            String key = partition.toString();
            putAll(partitions.putArray(key), assignment.replicas());
            if (!assignment.adding().isEmpty()) {
                putAll(adding.putArray(key), assignment.adding());
            }
            if (!assignment.removing().isEmpty()) {
                putAll(removing.putArray(key), assignment.removing());
            }
        }
        json.put("version", VERSION);
        return Json.bytes(json);
    }

    private static void putAll(ArrayNode array, List<Integer> values) {
        values.forEach(array::add);
    }

    /** The topic in the node of that version. */
    public static TopicRecord decode(String name, byte[] data, int version) {
        String path = ZnodePaths.topic(name);
        JsonNode json = Json.parse(path, data);
        JsonNode adding = json.get("adding_replicas");
        JsonNode removing = json.get("removing_replicas");
        SortedMap<Integer, ReplicaAssignment> partitions = new TreeMap<>();
        JsonNode assigned = json.get("partitions");
        if (assigned != null) {
            assigned.properties()
                    .forEach(entry -> partitions.put(
                            index(path, entry.getKey()),
                            new ReplicaAssignment(
                                    Json.ints(path, entry.getValue()),
                                    replicas(path, adding, entry.getKey()),
                                    replicas(path, removing, entry.getKey()))));
        }
        JsonNode id = json.get("topic_id");
        return new TopicRecord(name, id == null ? Optional.empty() : Optional.of(uuid(path, id)), partitions, version);
    }

    private static List<Integer> replicas(String path, JsonNode byPartition, String partition) {
        JsonNode replicas = byPartition == null ? null : byPartition.get(partition);
        return replicas == null ? List.of() : Json.ints(path, replicas);
    }

    private static int index(String path, String key) {
        try {
            return Integer.parseInt(key);
        } catch (NumberFormatException e) {
            throw new StoreDataException(path + ": partition '" + key + "' is no number");
        }
    }

    private static Uuid uuid(String path, JsonNode id) {
        try {
            return Uuid.fromString(id.asText());
        } catch (IllegalArgumentException e) {
            throw new StoreDataException(path + ": topic_id " + id + ": " + e.getMessage());
        }
    }
}
