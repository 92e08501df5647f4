// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SalesTopologyTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path directory;

    private TopologyTestDriver driver;
    private TestInputTopic<String, Store> stores;
    private TestInputTopic<String, Sale> sales;

    @BeforeEach
    void open() {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "application.id", "test",
                "bootstrap.servers", "none:1",
                "default.deserialization.exception.handler",
                        "org.apache.kafka.streams.errors.LogAndContinueExceptionHandler",
                "state.dir", directory.toString()));
        driver = new TopologyTestDriver(SalesTopology.build(Duration.ofMinutes(1)), properties);
        stores = driver.createInputTopic(
                Topics.STORES, new StringSerializer(), new JsonSerde<>(Store.class).serializer());
        sales = driver.createInputTopic(Topics.SALES, new StringSerializer(), new JsonSerde<>(Sale.class).serializer());
        stores.pipeInput("s01", new Store("Prag Brücke", "Prag"), NOON);
        stores.pipeInput("s02", new Store("Prag Bahnhof", "Prag"), NOON);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void addsUpPerStoreAndPerCity() {
        sell("s01", 100, 0);
        sell("s02", 30, 1);
        sell("s01", 5, 2);

        assertThat(output(Topics.PER_STORE).readKeyValuesToMap())
                .isEqualTo(Map.of(
                        "s01", new Turnover("Prag Brücke", 2, 105),
                        "s02", new Turnover("Prag Bahnhof", 1, 30)));
        assertThat(output(Topics.PER_CITY).readKeyValuesToMap())
                .isEqualTo(Map.of("Prag", new Turnover("Prag", 3, 135)));
    }

    @Test
    void addsUpPerWindowByWhenTheReceiptWas() {
        sell("s01", 100, 0);
        sell("s01", 10, 59);
        sell("s01", 7, 60);
        sell("s01", 1, 30);

        assertThat(output(Topics.PER_WINDOW).readKeyValuesToMap())
                .isEqualTo(Map.of(
                        "s01@" + NOON.toEpochMilli(),
                        new Turnover("Prag Brücke", 3, 111),
                        "s01@" + NOON.plusSeconds(60).toEpochMilli(),
                        new Turnover("Prag Brücke", 1, 7)));
    }

    @Test
    void countsTheReceiptsOfAStoreNobodyHasHeardOf() {
        sell("s77", 9, 0);

        assertThat(output(Topics.PER_STORE).readKeyValuesToMap())
                .isEqualTo(Map.of("s77", new Turnover("(unknown)", 1, 9)));
    }

    @Test
    void passesOverWhatIsNoReceipt() {
        driver.createInputTopic(Topics.SALES, new StringSerializer(), new ByteArraySerializer())
                .pipeInput("s01", "a typing error".getBytes(StandardCharsets.UTF_8), NOON);
        sell("s01", 9, 0);

        assertThat(output(Topics.PER_STORE).readKeyValuesToMap())
                .isEqualTo(Map.of("s01", new Turnover("Prag Brücke", 1, 9)));
    }

    private void sell(String store, long cents, int second) {
        sales.pipeInput(store, new Sale("r-" + second, "cheese", cents), NOON.plusSeconds(second));
    }

    private TestOutputTopic<String, Turnover> output(String topic) {
        return driver.createOutputTopic(
                topic, new StringDeserializer(), new JsonSerde<>(Turnover.class).deserializer());
    }
}
