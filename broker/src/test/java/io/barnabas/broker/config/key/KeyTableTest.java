// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/** The tables against what Apache Kafka 3.9.2 says of itself (dumped from its own definitions). */
public class KeyTableTest {
    /** Kafka's text describes these limits in sentences of its own, or they are of KRaft. */
    private static final Set<String> OWN_WORDS = Set.of(
            "controller.quorum.voters",
            "controller.quorum.bootstrap.servers",
            "remote.log.manager.copier.thread.pool.size",
            "remote.log.manager.expiration.thread.pool.size");

    @Test
    void brokerKeysAreThoseOfKafka() {
        assertThat(described(KeyTable.BROKER)).containsExactlyInAnyOrderElementsOf(golden("broker-keys"));
    }

    @Test
    void topicKeysAreThoseOfKafka() {
        assertThat(described(KeyTable.TOPIC)).containsExactlyInAnyOrderElementsOf(golden("topic-keys"));
    }

    @Test
    void everyKeyHasAnEffectOrAReasonAndASentence() {
        List<KeySpec> all = new ArrayList<>(KeyTable.BROKER.specs());
        all.addAll(KeyTable.TOPIC.specs());

        assertThat(all).allSatisfy(spec -> {
            assertThat(spec.honoured() || spec.effect().startsWith("none: "))
                    .as(spec.name())
                    .isTrue();
            assertThat(spec.doc()).as(spec.name()).endsWith(".").isNotBlank();
        });
    }

    private static List<String> described(KeyTable table) {
        ConfigDef definition = table.definition();
        return table.specs().stream()
                .filter(spec -> !spec.name().startsWith(KeyTable.OWN_PREFIX))
                .map(spec -> describe(spec, definition.configKeys().get(spec.name())))
                .toList();
    }

    private static String describe(KeySpec spec, ConfigDef.ConfigKey key) {
        return String.join(
                "\t",
                key.name,
                key.type.name(),
                shown(key.defaultValue),
                OWN_WORDS.contains(key.name) ? "(own words)" : Objects.toString(key.validator, "-"),
                key.importance.name().toUpperCase(Locale.ROOT),
                spec.internal() ? "internal" : "-",
                spec.note().replace(",internal", ""));
    }

    private static String shown(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof Class<?> type ? type.getName() : String.valueOf(value);
    }

    private static List<String> golden(String table) {
        return lines("kafka-3.9.2-" + table + ".txt").stream()
                .map(line -> {
                    List<String> cells = new ArrayList<>(List.of(line.split("\t", -1)));
                    if (OWN_WORDS.contains(cells.get(0))) {
                        cells.set(3, "(own words)");
                    }
                    return String.join("\t", cells);
                })
                .toList();
    }

    public static List<String> lines(String resource) {
        return new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(KeyTableTest.class.getResourceAsStream(resource), resource),
                        StandardCharsets.UTF_8))
                .lines()
                .toList();
    }
}
