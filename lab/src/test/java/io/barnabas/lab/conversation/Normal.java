// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** An answer without what must differ between two clusters: random ids, ports, times, directories, free space. */
final class Normal {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern RANDOM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TOPIC_ID = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final String NO_ID = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final Set<String> TOPIC_NAMES = Set.of("name", "topic");
    /** Arrays that Kafka fills from a hash map, by the API that answers with them. */
    private static final Map<ApiKeys, Set<String>> WITHOUT_ORDER = Map.ofEntries(
            Map.entry(ApiKeys.PRODUCE, Set.of("responses", "partition_responses", "node_endpoints")),
            Map.entry(ApiKeys.METADATA, Set.of("brokers", "topics", "partitions")),
            Map.entry(ApiKeys.DESCRIBE_CLUSTER, Set.of("brokers")),
            Map.entry(ApiKeys.DELETE_RECORDS, Set.of("topics", "partitions")),
            Map.entry(ApiKeys.DELETE_GROUPS, Set.of("results")),
            Map.entry(ApiKeys.LIST_GROUPS, Set.of("groups")),
            Map.entry(ApiKeys.OFFSET_FETCH, Set.of("topics", "partitions")),
            Map.entry(ApiKeys.OFFSET_DELETE, Set.of("topics", "partitions")),
            Map.entry(ApiKeys.ADD_PARTITIONS_TO_TXN, Set.of("results_by_partition", "topic_results")),
            Map.entry(ApiKeys.LIST_TRANSACTIONS, Set.of("transaction_states")),
            Map.entry(ApiKeys.DESCRIBE_PRODUCERS, Set.of("active_producers")),
            Map.entry(ApiKeys.CREATE_TOPICS, Set.of("configs")),
            Map.entry(ApiKeys.DESCRIBE_CONFIGS, Set.of("configs")),
            Map.entry(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, Set.of("responses")),
            Map.entry(ApiKeys.ELECT_LEADERS, Set.of("replica_election_results", "partition_result")),
            Map.entry(ApiKeys.DESCRIBE_LOG_DIRS, Set.of("results", "topics", "partitions")),
            Map.entry(ApiKeys.ALTER_CLIENT_QUOTAS, Set.of("entity")),
            Map.entry(ApiKeys.DESCRIBE_CLIENT_QUOTAS, Set.of("entries", "entity", "values")),
            Map.entry(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, Set.of("results")));

    /** What is random, and what each documents in words of its own. */
    private static final Map<String, String> INSTEAD = Map.of("cluster_id", "CLUSTER", "documentation", "DOCUMENTED");

    /** What tells the items of such an array apart. */
    private static final List<String> IDENTITY = List.of(
            "name", "topic", "group_id", "transactional_id", "index", "partition_index", "partition", "producer_id");

    /** Keys of a broker's configuration that only Barnabas has. */
    private static final String OWN_KEYS = "barnabas.";

    /** As {@link RecordSpec} shows it. */
    private static final Pattern PRODUCER = Pattern.compile("producer (\\d+)/");

    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\d+");
    private static final Pattern INSTANT = Pattern.compile("\\b1[78]\\d{11}\\b");

    private static final Set<String> SPACE = Set.of("total_bytes", "usable_bytes");

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, String> topicNames = new HashMap<>();
    private final Map<String, String> producers = new HashMap<>();

    /**
     * From now on says something else for a text that differs by place, a port or a directory, where it stands by itself:
     * a port's digits may well be among those of a longer number, or of bytes told in hexadecimal.
     */
    void replace(String text, String by) {
        texts.put(text, by);
    }

    /** Producer ids go by which was seen first in a chapter. */
    void beginChapter() {
        producers.clear();
    }

    private String producer(String id) {
        return "producer " + producers.computeIfAbsent(id, key -> "#" + (producers.size() + 1));
    }

    /** @param api whose answer it is; null for bytes */
    JsonNode of(ApiKeys api, JsonNode answer) {
        learn(answer);
        return normal(api == null ? Set.of() : WITHOUT_ORDER.getOrDefault(api, Set.of()), "", answer);
    }

    /** Topic ids are known by their topics' names, from every answer that has both. */
    private void learn(JsonNode node) {
        if (node.isObject() && node.path("topic_id").isTextual()) {
            for (String field : TOPIC_NAMES) {
                String name = node.path(field).asText("");
                if (!name.isEmpty() && !name.equals("null") && !isNoId(node)) {
                    topicNames.put(node.get("topic_id").asText(), "id of " + name);
                }
            }
        }
        node.forEach(this::learn);
    }

    private static boolean isNoId(JsonNode node) {
        return node.get("topic_id").asText().equals(NO_ID);
    }

    private JsonNode normal(Set<String> withoutOrder, String field, JsonNode node) {
        if (node.isObject()) {
            ObjectNode object = JSON.objectNode();
            node.properties()
                    .forEach(each -> object.set(each.getKey(), normal(withoutOrder, each.getKey(), each.getValue())));
            return object;
        }
        if (node.isArray()) {
            List<JsonNode> items = new ArrayList<>();
            node.forEach(item -> {
                if (!item.path("name").asText().startsWith(OWN_KEYS)) {
                    items.add(normal(withoutOrder, field, item));
                }
            });
            if (withoutOrder.contains(field)) {
                items.sort(Comparator.comparing(Normal::identity).thenComparing(JsonNode::toString));
            }
            return JSON.arrayNode().addAll(items);
        }
        if (node.isTextual()) {
            return JSON.textNode(INSTEAD.getOrDefault(field, text(node.asText())));
        }
        return number(field, node);
    }

    private static String identity(JsonNode item) {
        StringBuilder identity = new StringBuilder();
        IDENTITY.forEach(
                field -> identity.append(String.format("%10s", item.path(field).asText())));
        return identity.toString();
    }

    private JsonNode number(String field, JsonNode node) {
        if (!node.isNumber()) {
            return node;
        }
        long value = node.asLong();
        if (field.endsWith("error_code")) {
            return JSON.textNode(Errors.forCode((short) value).name());
        } else if (field.equals("port")) {
            return JSON.textNode(texts.getOrDefault(Long.toString(value), node.asText()));
        } else if (SPACE.contains(field)) {
            return JSON.textNode(value < 0 ? "none" : "bytes");
        } else if (field.equals("producer_id")) {
            return value < 0 ? node : JSON.textNode(producer(node.asText()));
        } else if (field.equals("session_id")) {
            return value == 0 ? node : JSON.textNode("session");
        } else if (value >= RecordSpec.BASE_MS && value < RecordSpec.BASE_MS + (1L << 33)) {
            boolean written = value < RecordSpec.BASE_MS + 1_800_000;
            return JSON.textNode(written ? "base+" + (value - RecordSpec.BASE_MS) : "now");
        }
        return node;
    }

    private String text(String text) {
        String plain = text;
        for (Map.Entry<String, String> each : texts.entrySet()) {
            plain = Pattern.compile("(?<![0-9A-Za-z])" + Pattern.quote(each.getKey()) + "(?![0-9A-Za-z])")
                    .matcher(plain)
                    .replaceAll(Matcher.quoteReplacement(each.getValue()));
        }
        plain = PRODUCER.matcher(plain).replaceAll(found -> producer(found.group(1)) + "/");
        plain = ADDRESS.matcher(plain).replaceAll("ADDRESS");
        plain = INSTANT.matcher(plain).replaceAll("TIME");
        plain = RANDOM.matcher(plain).replaceAll("RANDOM");
        return TOPIC_ID.matcher(plain)
                .replaceAll(found -> topicNames.getOrDefault(found.group(), Matcher.quoteReplacement(found.group())));
    }
}
