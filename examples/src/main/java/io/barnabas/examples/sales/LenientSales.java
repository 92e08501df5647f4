// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads receipts; null for what is none, which the application passes over too. */
final class LenientSales implements Deserializer<Sale> {
    private final Deserializer<Sale> strict = new JsonSerde<>(Sale.class).deserializer();

    @Override
    public Sale deserialize(String topic, byte[] bytes) {
        try {
            return strict.deserialize(topic, bytes);
        } catch (SerializationException e) {
            return null;
        }
    }
}
