// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * What the application does with a receipt: joins it with the table of stores, and adds it to the store's turnover, to
 * the store's turnover of that window of time, and, by way of a repartition topic, to the city's turnover.
 */
final class SalesTopology {
    private static final Serde<String> KEY = Serdes.String();
    private static final Serde<Turnover> TURNOVER = new JsonSerde<>(Turnover.class);
    private static final Serde<LocatedSale> LOCATED = new JsonSerde<>(LocatedSale.class);
    /** How late a receipt may come and still be counted in its window. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    private SalesTopology() {}

    /** @param window the length of a window */
    static Topology build(Duration window) {
        StreamsBuilder builder = new StreamsBuilder();
        KTable<String, Store> stores = builder.table(Topics.STORES, Consumed.with(KEY, new JsonSerde<>(Store.class)));
        KStream<String, LocatedSale> sales = builder.stream(
                        Topics.SALES, Consumed.with(KEY, new JsonSerde<>(Sale.class)))
                .leftJoin(
                        stores,
                        LocatedSale::of,
                        Joined.with(KEY, new JsonSerde<>(Sale.class), new JsonSerde<>(Store.class)));
        KGroupedStream<String, LocatedSale> byStore = sales.groupByKey(Grouped.with(KEY, LOCATED));
        perStore(byStore);
        perWindow(byStore, window);
        perCity(sales);
        return builder.build();
    }

    private static void perStore(KGroupedStream<String, LocatedSale> byStore) {
        byStore.aggregate(
                        Turnover::none,
                        (code, sale, sum) -> sum.plus(sale.store().name(), sale.sale()),
                        Materialized.<String, Turnover, KeyValueStore<Bytes, byte[]>>as("turnover-per-store")
                                .withKeySerde(KEY)
                                .withValueSerde(TURNOVER))
                .toStream()
                .to(Topics.PER_STORE, Produced.with(KEY, TURNOVER));
    }

    private static void perWindow(KGroupedStream<String, LocatedSale> byStore, Duration window) {
        byStore.windowedBy(TimeWindows.ofSizeAndGrace(window, GRACE))
                .aggregate(
                        Turnover::none,
                        (code, sale, sum) -> sum.plus(sale.store().name(), sale.sale()),
                        Materialized.<String, Turnover, WindowStore<Bytes, byte[]>>as("turnover-per-window")
                                .withKeySerde(KEY)
                                .withValueSerde(TURNOVER))
                .toStream((windowed, sum) ->
                        windowed.key() + "@" + windowed.window().start())
                .to(Topics.PER_WINDOW, Produced.with(KEY, TURNOVER));
    }

    private static void perCity(KStream<String, LocatedSale> sales) {
        sales.groupBy((code, sale) -> sale.store().city(), Grouped.with("by-city", KEY, LOCATED))
                .aggregate(
                        Turnover::none,
                        (city, sale, sum) -> sum.plus(city, sale.sale()),
                        Materialized.<String, Turnover, KeyValueStore<Bytes, byte[]>>as("turnover-per-city")
                                .withKeySerde(KEY)
                                .withValueSerde(TURNOVER))
                .toStream()
                .to(Topics.PER_CITY, Produced.with(KEY, TURNOVER));
    }
}
