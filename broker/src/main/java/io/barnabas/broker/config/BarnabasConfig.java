// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of one broker, parsed and checked: what {@code server.properties} (and, later, dynamic configuration)
 * says, with Kafka's defaults for the rest. Immutable; a dynamic change makes a new one.
 *
 * <p>Each room takes the record of its concern.
 */
public final class BarnabasConfig {
    private static final ConfigDef DEFINITION = KeyTable.BROKER.definition();

    private final AbstractConfig values;
    private final ListenerConfig listeners;

    private BarnabasConfig(AbstractConfig values) {
        this.values = values;
        this.listeners = ListenerConfig.from(values);
    }

    /**
     * Parses and checks.
     *
     * @param properties as written; unknown keys are allowed and ignored here
     * @throws ConfigurationException where a value is wrong or two contradict
     */
    public static BarnabasConfig of(Map<String, String> properties) {
        Map<String, String> effective = withBothIds(properties);
        try {
            BarnabasConfig config = new BarnabasConfig(new AbstractConfig(DEFINITION, effective, false));
            ConfigRules.check(config);
            return config;
        } catch (ConfigException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /** Kafka's own values of all keys that have one, as text. */
    public static Map<String, String> defaults() {
        Map<String, String> result = new HashMap<>();
        DEFINITION.configKeys().forEach((name, key) -> {
            if (key.defaultValue != null) {
                result.put(name, ConfigDef.convertToString(key.defaultValue, key.type));
            }
        });
        return result;
    }

    /** Reads one value as its key wants it; fails with {@link ConfigException} otherwise. */
    static void parseOne(String key, String value) {
        DEFINITION.validate(Map.of(key, value)).stream()
                .filter(result ->
                        result.name().equals(key) && !result.errorMessages().isEmpty())
                .findFirst()
                .ifPresent(result -> {
                    throw new ConfigException(result.errorMessages().get(0));
                });
    }

    /** {@code node.id} and {@code broker.id} name the same thing; whichever is written stands for both. */
    private static Map<String, String> withBothIds(Map<String, String> properties) {
        Map<String, String> result = new HashMap<>(properties);
        if (properties.containsKey("broker.id")) {
            result.putIfAbsent("node.id", properties.get("broker.id"));
        } else if (properties.containsKey("node.id")) {
            result.put("broker.id", properties.get("node.id"));
        }
        return result;
    }

    /** The parsed values of every key, and the originals behind them. */
    public AbstractConfig values() {
        return values;
    }

    public BrokerIdentity identity() {
        return BrokerIdentity.from(values);
    }

    public ListenerConfig listeners() {
        return listeners;
    }

    public NetworkConfig network() {
        return NetworkConfig.from(values);
    }

    public PeerConfig peers() {
        return PeerConfig.from(values);
    }

    public ZooKeeperConfig zooKeeper() {
        return ZooKeeperConfig.from(values);
    }

    public LogManagerConfig logManager() {
        return LogManagerConfig.from(values);
    }

    public TopicDefaults topicDefaults() {
        return new TopicDefaults(values);
    }

    public CleanerSettings cleaner() {
        return CleanerSettings.from(values);
    }

    public ProducerIdSettings producerIds() {
        return ProducerIdSettings.from(values);
    }

    public ReplicationConfig replication() {
        return ReplicationConfig.from(values);
    }

    public FetchConfig fetch() {
        return FetchConfig.from(values);
    }

    public ControllerConfig controller() {
        return ControllerConfig.from(values);
    }

    public TopicCreationConfig topicCreation() {
        return TopicCreationConfig.from(values);
    }

    public ShutdownConfig shutdown() {
        return ShutdownConfig.from(values);
    }

    public GroupSettings groups() {
        return GroupSettings.from(values);
    }

    public OffsetsSettings offsets() {
        return OffsetsSettings.from(values);
    }

    public TransactionSettings transactions() {
        return TransactionSettings.from(values);
    }

    public QuotaSettings quotas() {
        return QuotaSettings.from(values);
    }

    public OwnSettings own() {
        return OwnSettings.from(values);
    }

    public MetricsConfig metrics() {
        return MetricsConfig.from(values);
    }
}
