// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What two conversations do not agree about, field by field. */
final class Differences {
    private Differences() {}

    /**
     * One field.
     *
     * @param question chapter and line, without the version
     * @param versions where it differs in this way
     * @param path the field within the answer
     * @param kafka what Apache Kafka says, null where it says nothing
     * @param ours what Barnabas says
     */
    record Difference(String question, List<String> versions, String path, JsonNode kafka, JsonNode ours) {
        @Override
        public String toString() {
            return question + " " + String.join(" ", versions) + "\n    " + path + "\n      Kafka:    " + kafka
                    + "\n      Barnabas: " + ours;
        }
    }

    /** The same in several versions once. */
    static List<Difference> between(Map<String, JsonNode> kafka, Map<String, JsonNode> ours) {
        Map<String, Difference> found = new LinkedHashMap<>();
        for (String name : union(kafka.keySet(), ours.keySet())) {
            int split = name.lastIndexOf(" v");
            boolean versioned = split >= 0 && name.substring(split + 2).matches("\\d+");
            String question = versioned ? name.substring(0, split) : name;
            List<Difference> fields = new ArrayList<>();
            compare(question, "", kafka.get(name), ours.get(name), fields);
            for (Difference each : fields) {
                found.computeIfAbsent(each.toString(), key -> each).versions().add(name.substring(question.length()));
            }
        }
        return List.copyOf(found.values());
    }

    private static void compare(String question, String path, JsonNode kafka, JsonNode ours, List<Difference> found) {
        boolean both = kafka != null && ours != null;
        if (both && kafka.isObject() && ours.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            kafka.fieldNames().forEachRemaining(names::add);
            ours.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(question, path + "/" + name, kafka.get(name), ours.get(name), found));
        } else if (both && kafka.isArray() && ours.isArray() && kafka.size() == ours.size()) {
            for (int i = 0; i < kafka.size(); i++) {
                compare(question, path + "/" + i, kafka.get(i), ours.get(i), found);
            }
        } else if (kafka == null || !kafka.equals(ours)) {
            found.add(new Difference(question, new ArrayList<>(), path, kafka, ours));
        }
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new LinkedHashSet<>(one);
        all.addAll(other);
        return all;
    }
}
