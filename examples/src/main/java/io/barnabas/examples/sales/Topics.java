// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics of the application, beside those Kafka Streams makes for itself. */
final class Topics {
    /** Receipts by store, as the tills send them. */
    static final String SALES = "sales";
    /** What is known of each store. */
    static final String STORES = "stores";
    /** Each store's turnover since the beginning. */
    static final String PER_STORE = "sales-per-store";
    /** Each store's turnover by window; the key is {@code store@start}, in milliseconds since the epoch. */
    static final String PER_WINDOW = "sales-per-store-window";
    /** Each city's turnover since the beginning. */
    static final String PER_CITY = "sales-per-city";

    private Topics() {}

    /** @param partitions of each; the join wants as many for sales as for stores */
    static List<NewTopic> all(int partitions) {
        return List.of(
                topic(SALES, partitions, Map.of()),
                topic(STORES, partitions, Map.of("cleanup.policy", "compact")),
                topic(PER_STORE, partitions, Map.of("cleanup.policy", "compact")),
                topic(PER_WINDOW, partitions, Map.of("cleanup.policy", "compact,delete")),
                topic(PER_CITY, partitions, Map.of("cleanup.policy", "compact")));
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> configs) {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
    }
}
