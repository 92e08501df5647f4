// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** The retailer's stores: made up, and written to their topic before any receipt. */
final class StoreTable {
    private static final List<String> CITIES = List.of("Brünn", "Graz", "Linz", "Prag", "Wien");
    private static final List<String> STREETS = List.of("Hauptplatz", "Bahnhof", "Brücke", "Schlossberg", "Wirtshaus");

    private StoreTable() {}

    /** Stores by their code, as many as asked for. */
    static Map<String, Store> stores(int count) {
        Map<String, Store> stores = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String city = CITIES.get(i % CITIES.size());
            String street = STREETS.get(i / CITIES.size() % STREETS.size());
            stores.put(code(i), new Store(city + " " + street, city));
        }
        return stores;
    }

    static String code(int index) {
        return "s%02d".formatted(index + 1);
    }

    /** Returns when all are acknowledged. */
    static void write(Map<String, Object> settings, Map<String, Store> stores)
            throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, Store> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new JsonSerde<>(Store.class).serializer())) {
            stores.forEach((code, store) -> sent.add(producer.send(new ProducerRecord<>(Topics.STORES, code, store))));
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }
}
