// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.broker.config.key.ConfigurationException;
import io.barnabas.broker.config.key.KeyTable;
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
    private final ListenerKeys listeners;

    private BarnabasConfig(AbstractConfig values) {
        this.values = values;
        this.listeners = ListenerKeys.from(values);
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
    public static void parseOne(String key, String value) {
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

    /** Who this broker is. */
    public IdentityKeys identity() {
        return IdentityKeys.from(values);
    }

    /** Where it listens, and what it advertises. */
    public ListenerKeys listeners() {
        return listeners;
    }

    /** Sockets, connections and their limits. */
    public NetworkKeys network() {
        return NetworkKeys.from(values);
    }

    /** How brokers talk to each other. */
    public PeerKeys peers() {
        return PeerKeys.from(values);
    }

    /** The session with ZooKeeper. */
    public ZooKeeperKeys zooKeeper() {
        return ZooKeeperKeys.from(values);
    }

    /** The log directories and the periodic work on them. */
    public LogManagerKeys logManager() {
        return LogManagerKeys.from(values);
    }

    /** What holds for topics that do not say it themselves. */
    public TopicDefaults topicDefaults() {
        return new TopicDefaults(values);
    }

    /** The compaction of logs. */
    public CleanerKeys cleaner() {
        return CleanerKeys.from(values);
    }

    /** How long idempotent producers are remembered. */
    public ProducerIdKeys producerIds() {
        return ProducerIdKeys.from(values);
    }

    /** How followers copy. */
    public ReplicationKeys replication() {
        return ReplicationKeys.from(values);
    }

    /** The limits of fetches. */
    public FetchKeys fetch() {
        return FetchKeys.from(values);
    }

    /** What the controller does by itself. */
    public ControllerKeys controller() {
        return ControllerKeys.from(values);
    }

    /** The creation of topics that are asked for. */
    public TopicCreationKeys topicCreation() {
        return TopicCreationKeys.from(values);
    }

    /** The controlled shutdown. */
    public ShutdownKeys shutdown() {
        return ShutdownKeys.from(values);
    }

    /** Consumer groups. */
    public GroupKeys groups() {
        return GroupKeys.from(values);
    }

    /** Committed offsets and their internal topic. */
    public OffsetsKeys offsets() {
        return OffsetsKeys.from(values);
    }

    /** Transactions and their internal topic. */
    public TransactionKeys transactions() {
        return TransactionKeys.from(values);
    }

    /** The windows of quotas. */
    public QuotaKeys quotas() {
        return QuotaKeys.from(values);
    }

    /** The keys that Kafka does not have. */
    public OwnKeys own() {
        return OwnKeys.from(values);
    }

    /** Reporters and samples of metrics. */
    public MetricsKeys metrics() {
        return MetricsKeys.from(values);
    }
}
