// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.dynamic.DynamicBrokerConfig;
import io.barnabas.broker.config.dynamic.DynamicKeys;
import io.barnabas.broker.config.key.KeySpec;
import io.barnabas.broker.config.key.KeyTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * Makes the entries of one answer: each with where its value comes from, strongest source first (KIP-226). Made per
 * request, on one picture of the settings.
 */
final class EntryFactory {
    private final List<Layer> layers;
    private final boolean includeSynonyms;
    private final boolean includeDocumentation;

    /** One source of values. */
    private record Layer(ConfigSource source, Map<String, String> values) {}

    EntryFactory(DynamicBrokerConfig config, boolean includeSynonyms, boolean includeDocumentation) {
        this.layers = List.of(
                new Layer(ConfigSource.DYNAMIC_BROKER_CONFIG, config.forThisBroker()),
                new Layer(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, config.forAllBrokers()),
                new Layer(ConfigSource.STATIC_BROKER_CONFIG, config.fixed()),
                new Layer(ConfigSource.DEFAULT_CONFIG, BarnabasConfig.defaults()));
        this.includeSynonyms = includeSynonyms;
        this.includeDocumentation = includeDocumentation;
    }

    /** A topic's key with its effective value. */
    DescribeConfigsResourceResult topicEntry(String key, Object value, Map<String, String> overrides) {
        Optional<KeySpec> spec = KeyTable.TOPIC.find(key);
        boolean sensitive = spec.isEmpty();
        String shown =
                sensitive ? null : ConfigDef.convertToString(value, spec.get().type());
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        if (overrides.containsKey(key)) {
            synonyms.add(synonym(key, shown, ConfigSource.TOPIC_CONFIG));
        }
        KeyTable.brokerKeysOf(key).stream()
                .findFirst()
                .ifPresent(brokerKey -> synonyms.addAll(brokerSynonyms(brokerKey, sensitive)));
        return entry(key, shown, synonyms, sensitive, false, spec.map(KeySpec::type), spec);
    }

    /**
     * A broker's key.
     *
     * @param oneBroker whether this broker is described, or the defaults of all
     */
    DescribeConfigsResourceResult brokerEntry(String key, Object value, boolean oneBroker) {
        Optional<ConfigDef.Type> type = DynamicKeys.type(key);
        boolean sensitive = DynamicKeys.isSensitive(key);
        String shown = sensitive ? null : text(value, type);
        List<DescribeConfigsSynonym> synonyms = brokerSynonyms(key, sensitive);
        if (!oneBroker) {
            synonyms.removeIf(synonym -> synonym.source() != ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG.id());
        }
        return entry(key, shown, synonyms, sensitive, !DynamicKeys.isDynamic(key), type, DynamicKeys.spec(key));
    }

    private static String text(Object value, Optional<ConfigDef.Type> type) {
        return value instanceof String text ? text : ConfigDef.convertToString(value, type.orElse(null));
    }

    private DescribeConfigsResourceResult entry(
            String key,
            String shown,
            List<DescribeConfigsSynonym> synonyms,
            boolean sensitive,
            boolean readOnly,
            Optional<ConfigDef.Type> type,
            Optional<KeySpec> documented) {
        byte source = synonyms.isEmpty()
                ? ConfigSource.DEFAULT_CONFIG.id()
                : synonyms.get(0).source();
        return new DescribeConfigsResourceResult()
                .setName(key)
                .setValue(shown)
                .setConfigSource(source)
                .setIsSensitive(sensitive)
                .setReadOnly(readOnly)
                .setConfigType(wireType(type).id())
                .setSynonyms(includeSynonyms ? synonyms : List.of())
                .setDocumentation(
                        includeDocumentation ? documented.map(KeySpec::doc).orElse(null) : null);
    }

    private static ConfigType wireType(Optional<ConfigDef.Type> type) {
        return type.map(known -> ConfigType.valueOf(known.name())).orElse(ConfigType.UNKNOWN);
    }

    /** Where a key's value is set, under any of its names; what comes before its own name does not count for it. */
    private List<DescribeConfigsSynonym> brokerSynonyms(String key, boolean sensitive) {
        List<DescribeConfigsSynonym> found = new ArrayList<>();
        for (Layer layer : layers) {
            for (String name : DynamicKeys.synonyms(key, true)) {
                String value = layer.values().get(name);
                if (value != null && (!found.isEmpty() || name.equals(key))) {
                    found.add(synonym(name, sensitive ? null : value, layer.source()));
                }
            }
        }
        return found;
    }

    private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
        return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
    }

    /** Every key of a broker with its effective value: what was written, and all that Kafka documents. */
    static Map<String, Object> brokerValues(BarnabasConfig config) {
        Map<String, Object> result = new HashMap<>(config.values().originals());
        config.values().values().forEach((key, value) -> {
            if (!KeyTable.BROKER.find(key).map(KeySpec::internal).orElse(false)) {
                result.put(key, value);
            }
        });
        return result;
    }
}
