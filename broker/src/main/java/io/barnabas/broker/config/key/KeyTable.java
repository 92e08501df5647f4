// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/**
 * A table of keys, read from a tab-separated resource with the columns of {@link KeySpec}. A line that starts with
 * {@code #} is a heading. Immutable.
 */
public final class KeyTable {
    /** Everything {@code server.properties} may say: Kafka's keys, then Barnabas's own ({@code barnabas.*}). */
    public static final KeyTable BROKER = load("broker-keys.tsv");

    /** Everything that may be set on a topic. */
    public static final KeyTable TOPIC = load("topic-keys.tsv");

    /** Begins the names of keys that Apache Kafka does not have. */
    public static final String OWN_PREFIX = "barnabas.";

    private static final int COLUMNS = 8;

    private final Map<String, KeySpec> specs;

    private KeyTable(Map<String, KeySpec> specs) {
        this.specs = Collections.unmodifiableMap(specs);
    }

    private static KeyTable load(String resource) {
        try (InputStream in = KeyTable.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Map<String, KeySpec> specs = new LinkedHashMap<>();
            lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(KeyTable::row)
                    .forEach(spec -> {
                        if (specs.put(spec.name(), spec) != null) {
                            throw new IllegalStateException(resource + " lists " + spec.name() + " twice");
                        }
                    });
            return new KeyTable(specs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeySpec row(String line) {
        List<String> cells = List.of(line.split("\t", -1));
        if (cells.size() != COLUMNS) {
            throw new IllegalStateException("expected " + COLUMNS + " columns in: " + line);
        }
        return new KeySpec(
                cells.get(0),
                ConfigDef.Type.valueOf(cells.get(1).toUpperCase(Locale.ROOT)),
                cells.get(2).equals("null") ? null : cells.get(2),
                cells.get(3),
                ConfigDef.Importance.valueOf(cells.get(4).toUpperCase(Locale.ROOT)),
                cells.get(5),
                cells.get(6),
                cells.get(7));
    }

    /** All keys, in the order of the table. */
    public Collection<KeySpec> specs() {
        return specs.values();
    }

    /** What is known of a key. */
    public Optional<KeySpec> find(String name) {
        return Optional.ofNullable(specs.get(name));
    }

    /** Whether there is such a key. */
    public boolean contains(String name) {
        return specs.containsKey(name);
    }

    /** The keys that can be changed at run time, with the level they can be changed at. Broker table only. */
    public Map<String, UpdateMode> dynamicKeys() {
        return specs.values().stream()
                .filter(spec -> spec.updateMode() != UpdateMode.READ_ONLY)
                .collect(Collectors.toUnmodifiableMap(KeySpec::name, KeySpec::updateMode));
    }

    /** The table as a definition that parses and checks values. */
    public ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        for (KeySpec spec : specs.values()) {
            definition.define(
                    spec.name(),
                    spec.type(),
                    spec.defaultValue(),
                    Limits.parse(spec.validator()),
                    spec.importance(),
                    spec.doc());
        }
        return definition;
    }

    /** The broker keys a topic key falls back to, strongest first; empty where there are none. */
    public static List<String> brokerKeysOf(String topicKey) {
        return TOPIC.find(topicKey)
                .filter(spec -> !spec.note().equals("-"))
                .map(spec -> List.of(spec.note().split(" ", -1)))
                .orElse(List.of());
    }
}
