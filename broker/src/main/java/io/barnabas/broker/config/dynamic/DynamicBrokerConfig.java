// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.key.ConfigurationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's settings as they are now. A value is what was set for this broker at run time, else for all brokers at
 * run time, else in {@code server.properties}, else Kafka's default (KIP-226).
 *
 * <p>Readers see an immutable {@link #current()}; changes are made one at a time under this object's monitor, which no
 * reader takes.
 */
public final class DynamicBrokerConfig {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicBrokerConfig.class);

    private final Map<String, String> fixed;
    private final PasswordEncoder passwords;
    private final List<ConfigSubscriber> subscribers = new CopyOnWriteArrayList<>();
    private final List<Consumer<ReplicationThrottles>> throttled = new CopyOnWriteArrayList<>();

    private volatile State state;

    /** What holds now: the two dynamic layers, and what they make of the fixed one. */
    private record State(Map<String, String> forAll, Map<String, String> forThis, BarnabasConfig config) {}

    /**
     * @param properties the contents of {@code server.properties}, with the command line's overrides
     * @param random secure; passwords are stored encrypted with salts from it
     */
    public DynamicBrokerConfig(Map<String, String> properties, RandomGenerator random) {
        BarnabasConfig config = BarnabasConfig.of(properties);
        this.fixed = Map.copyOf(config.values().originalsStrings());
        this.passwords = PasswordEncoder.of(config, random);
        this.state = new State(Map.of(), Map.of(), config);
    }

    /** The settings now; take it once per decision. */
    public BarnabasConfig current() {
        return state.config();
    }

    /** What {@code server.properties} says. */
    public Map<String, String> fixed() {
        return fixed;
    }

    /** What is set for all brokers at run time; passwords in the clear. */
    public Map<String, String> forAllBrokers() {
        return state.forAll();
    }

    /** What is set for this broker at run time; passwords in the clear. */
    public Map<String, String> forThisBroker() {
        return state.forThis();
    }

    /** From now on the subscriber hears of changes to its keys. */
    public void subscribe(ConfigSubscriber subscriber) {
        subscribers.add(subscriber);
    }

    /** The listener hears the throttles at once and at each change. */
    public synchronized void onThrottles(Consumer<ReplicationThrottles> listener) {
        throttled.add(listener);
        listener.accept(throttles(state.forAll(), state.forThis()));
    }

    /**
     * Takes what the store says for all brokers, however far it is from what holds: it was checked when it was written,
     * and notes may have been missed since. Entries that cannot be applied are left out, each with a line in the
     * log; nothing of a set that contradicts itself is applied.
     */
    public synchronized void updateForAll(Map<String, String> stored) {
        apply(fromStored(stored, false), state.forThis());
    }

    /** Takes what the store says for this broker, as {@link #updateForAll}. */
    public synchronized void updateForThis(Map<String, String> stored) {
        apply(state.forAll(), fromStored(stored, true));
    }

    /** Takes both layers in one step, as at start: what one layer says may only make sense with the other. */
    public synchronized void update(Map<String, String> storedForAll, Map<String, String> storedForThis) {
        apply(fromStored(storedForAll, false), fromStored(storedForThis, true));
    }

    private void apply(Map<String, String> forAll, Map<String, String> forThis) {
        State before = state;
        if (forAll.equals(before.forAll()) && forThis.equals(before.forThis())) {
            return;
        }
        BarnabasConfig after;
        try {
            after = BarnabasConfig.of(layered(forAll, forThis));
        } catch (ConfigException | ConfigurationException e) {
            LOG.error("Dynamic configuration cannot be applied and is left as it was: {}", e.getMessage());
            return;
        }
        state = new State(forAll, forThis, after);
        Set<String> changed = changedKeys(before.config(), after);
        LOG.info("Dynamic configuration changed: {}", changed);
        for (ConfigSubscriber subscriber : subscribers) {
            if (concerns(subscriber, changed)) {
                tell(subscriber, before.config(), after);
            }
        }
        tellThrottles(before, forAll, forThis);
    }

    private static void tell(ConfigSubscriber subscriber, BarnabasConfig before, BarnabasConfig after) {
        try {
            subscriber.changed(before, after);
        } catch (RuntimeException e) {
            LOG.error(
                    "{} failed to follow a change of {}", subscriber.getClass().getName(), subscriber.keys(), e);
        }
    }

    private void tellThrottles(State before, Map<String, String> forAll, Map<String, String> forThis) {
        ReplicationThrottles now = throttles(forAll, forThis);
        if (!now.equals(throttles(before.forAll(), before.forThis()))) {
            throttled.forEach(listener -> listener.accept(now));
        }
    }

    private static ReplicationThrottles throttles(Map<String, String> forAll, Map<String, String> forThis) {
        Map<String, String> dynamic = new HashMap<>(forAll);
        dynamic.putAll(forThis);
        return ReplicationThrottles.from(dynamic);
    }

    /**
     * Tries out one layer and applies nothing.
     *
     * @param values the whole layer as it would be, passwords in the clear
     * @param oneBroker whether it is this broker's layer, or the one of all
     * @throws ConfigException why it cannot be
     * @throws ConfigurationException which rule it breaks
     */
    public void validate(Map<String, String> values, boolean oneBroker) {
        DynamicKeys.validate(values, oneBroker);
        State now = state;
        BarnabasConfig after =
                BarnabasConfig.of(layered(oneBroker ? now.forAll() : values, oneBroker ? values : now.forThis()));
        Set<String> changed = changedKeys(now.config(), after);
        try {
            DynamicRules.check(now.config(), after);
            for (ConfigSubscriber subscriber : subscribers) {
                if (concerns(subscriber, changed)) {
                    subscriber.validate(now.config(), after);
                }
            }
        } catch (ConfigException e) {
            throw new ConfigException("Invalid dynamic configuration", e);
        }
    }

    private Map<String, String> layered(Map<String, String> forAll, Map<String, String> forThis) {
        Map<String, String> result = new HashMap<>(fixed);
        override(result, forAll);
        override(result, forThis);
        return result;
    }

    /** A stronger layer's {@code log.retention.ms} also beats a weaker one's {@code log.retention.hours}. */
    private static void override(Map<String, String> below, Map<String, String> above) {
        above.forEach((key, value) -> {
            DynamicKeys.synonyms(key, false).forEach(below::remove);
            below.put(key, value);
        });
    }

    private static boolean concerns(ConfigSubscriber subscriber, Set<String> changed) {
        return changed.stream()
                .flatMap(key -> DynamicKeys.synonyms(key, true).stream())
                .anyMatch(subscriber.keys()::contains);
    }

    private static Set<String> changedKeys(BarnabasConfig before, BarnabasConfig after) {
        Map<String, Object> old = everything(before);
        Map<String, Object> fresh = everything(after);
        Set<String> keys = new HashSet<>(old.keySet());
        keys.addAll(fresh.keySet());
        keys.removeIf(key -> Objects.equals(old.get(key), fresh.get(key)));
        return keys;
    }

    private static Map<String, Object> everything(BarnabasConfig config) {
        Map<String, Object> result = new HashMap<>(config.values().originals());
        result.putAll(config.values().values());
        return result;
    }

    /** A stored layer, decrypted, without what a broker may not be told this way. */
    private Map<String, String> fromStored(Map<String, String> stored, boolean oneBroker) {
        Map<String, String> result = new HashMap<>(stored);
        drop(result, DynamicKeys.readOnly(stored.keySet()), "only a restart changes it");
        drop(result, DynamicKeys.withoutListener(stored.keySet()), "it must name its listener");
        if (!oneBroker) {
            drop(result, DynamicKeys.perBroker(stored.keySet()), "it must name its broker");
        }
        passwords.decodeAll(result);
        return Map.copyOf(result);
    }

    private static void drop(Map<String, String> values, Set<String> keys, String why) {
        for (String key : keys) {
            LOG.error("Dynamic configuration of {} is ignored: {}", key, why);
            values.remove(key);
        }
    }

    /** A layer as it is stored: passwords encrypted. */
    public Map<String, String> toStored(Map<String, String> values) {
        return passwords.encodeAll(values);
    }

    /** A stored layer as it is altered: decrypted, unreadable and forbidden entries left out. */
    public Map<String, String> readStored(Map<String, String> stored, boolean oneBroker) {
        return fromStored(stored, oneBroker);
    }
}
