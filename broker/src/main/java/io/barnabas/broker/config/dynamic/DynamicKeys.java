// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.key.KeySpec;
import io.barnabas.broker.config.key.KeyTable;
import io.barnabas.broker.config.key.UpdateMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;

/** What Kafka says about the names of broker keys: which may change at run time, where, and what else they are called. */
public final class DynamicKeys {
    private static final Map<String, UpdateMode> MODES = KeyTable.BROKER.dynamicKeys();
    private static final Pattern LISTENER_KEY = Pattern.compile("listener\\.name\\.[^.]*\\.(.*)");
    private static final Set<String> CLUSTER_LEVEL_LISTENER_KEYS =
            Set.of("max.connections", "max.connection.creation.rate", "num.network.threads");
    private static final List<String> MECHANISM_KEYS = List.of(
            "sasl.jaas.config",
            "sasl.login.callback.handler.class",
            "sasl.login.class",
            "sasl.server.callback.handler.class",
            "connections.max.reauth.ms");
    private static final List<List<String>> SYNONYMS = List.of(
            List.of("log.roll.ms", "log.roll.hours"),
            List.of("log.roll.jitter.ms", "log.roll.jitter.hours"),
            List.of("log.retention.ms", "log.retention.minutes", "log.retention.hours"));
    private static final List<String> FLUSH_MS = List.of("log.flush.interval.ms", "log.flush.scheduler.interval.ms");

    /** The throttles, which live only in dynamic configuration. */
    private static final ConfigDef THROTTLES = new ConfigDef()
            .define(
                    ReplicationThrottles.LEADER_RATE,
                    ConfigDef.Type.LONG,
                    ReplicationThrottles.NONE_BYTES_PER_SECOND,
                    ConfigDef.Range.atLeast(0),
                    ConfigDef.Importance.MEDIUM,
                    "")
            .define(
                    ReplicationThrottles.FOLLOWER_RATE,
                    ConfigDef.Type.LONG,
                    ReplicationThrottles.NONE_BYTES_PER_SECOND,
                    ConfigDef.Range.atLeast(0),
                    ConfigDef.Importance.MEDIUM,
                    "")
            .define(
                    ReplicationThrottles.MOVE_RATE,
                    ConfigDef.Type.LONG,
                    ReplicationThrottles.NONE_BYTES_PER_SECOND,
                    ConfigDef.Range.atLeast(0),
                    ConfigDef.Importance.MEDIUM,
                    "");

    private DynamicKeys() {}

    /** Whether a key, taken without a listener's prefix, may change at run time. */
    public static boolean isDynamic(String key) {
        return MODES.containsKey(key);
    }

    /**
     * All names that set the same thing, strongest first; the key itself where it has no other.
     *
     * @param listenerOverrides whether a listener's own key counts the general key as its synonym
     */
    public static List<String> synonyms(String key, boolean listenerOverrides) {
        if (key.equals(FLUSH_MS.get(0))) {
            return FLUSH_MS;
        }
        for (List<String> group : SYNONYMS) {
            if (group.contains(key)) {
                return group;
            }
        }
        Matcher listener = LISTENER_KEY.matcher(key);
        if (listenerOverrides && listener.matches()) {
            String base = listener.group(1);
            return List.of(
                    key,
                    MECHANISM_KEYS.stream().filter(base::endsWith).findFirst().orElse(base));
        }
        return List.of(key);
    }

    /** The type of a broker key or a listener's own key, or of a throttle; empty where nobody knows it. */
    public static Optional<ConfigDef.Type> type(String key) {
        return Optional.ofNullable(THROTTLES.configKeys().get(key))
                .map(throttle -> throttle.type)
                .or(() -> spec(key).map(KeySpec::type));
    }

    /** The row of a broker key, or of the general key behind a listener's own. */
    public static Optional<KeySpec> spec(String key) {
        return KeyTable.BROKER.find(key).or(() -> synonyms(key, true).stream()
                .flatMap(name -> KeyTable.BROKER.find(name).stream())
                .findFirst());
    }

    /** Whether a value must not be shown: passwords, and everything nobody knows. */
    public static boolean isSensitive(String key) {
        return type(key).map(ConfigDef.Type.PASSWORD::equals).orElse(true);
    }

    /** Whether a value is stored encrypted: keys that end like a known password key. */
    static boolean isStoredEncrypted(String key) {
        return MODES.keySet().stream()
                .anyMatch(known -> key.endsWith(known) && type(known).equals(Optional.of(ConfigDef.Type.PASSWORD)));
    }

    /** Keys that only a restart changes. */
    static Set<String> readOnly(Set<String> keys) {
        return matching(keys, key -> KeyTable.BROKER.contains(key) && !isDynamic(key));
    }

    /** TLS keys given without the listener they are for. */
    static Set<String> withoutListener(Set<String> keys) {
        return matching(keys, SslConfigs.RECONFIGURABLE_CONFIGS::contains);
    }

    /** Keys that must name one broker. */
    static Set<String> perBroker(Set<String> keys) {
        return matching(keys, key -> {
            Matcher listener = LISTENER_KEY.matcher(key);
            return MODES.get(key) == UpdateMode.PER_BROKER
                    || (listener.matches() && !CLUSTER_LEVEL_LISTENER_KEYS.contains(listener.group(1)));
        });
    }

    private static Set<String> matching(Set<String> keys, Predicate<String> wanted) {
        return keys.stream().filter(wanted).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Checks names and single values, before anything is tried out.
     *
     * @throws ConfigException with Kafka's message
     */
    static void validate(Map<String, String> values, boolean oneBroker) {
        refuse(readOnly(values.keySet()), "Cannot update these configs dynamically");
        refuse(
                withoutListener(values.keySet()),
                "These security configs can be dynamically updated only per-listener using the listener prefix");
        values.forEach(DynamicKeys::parse);
        if (!oneBroker) {
            refuse(
                    perBroker(values.keySet()),
                    "Cannot update these configs at default cluster level, broker id must be specified");
        }
    }

    private static void refuse(Set<String> keys, String message) {
        if (!keys.isEmpty()) {
            throw new ConfigException(message + ": Set(" + String.join(", ", keys) + ")");
        }
    }

    private static void parse(String key, String value) {
        Matcher listener = LISTENER_KEY.matcher(key);
        String base = listener.matches() ? listener.group(1) : key;
        if (KeyTable.BROKER.contains(base) && isDynamic(base)) {
            BarnabasConfig.parseOne(base, value);
        } else if (THROTTLES.names().contains(base)) {
            THROTTLES.parse(Map.of(base, value));
        }
    }
}
