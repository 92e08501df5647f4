// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.broker.config.key.KeySpec;
import io.barnabas.broker.config.key.KeyTable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * What a broker says about topics that do not say it themselves: the value of every topic key, taken from its broker
 * keys. Where several broker keys name one thing in different units, the finer unit wins.
 */
public final class TopicDefaults {
    private static final long UNLIMITED = -1L;
    private static final String BEFORE_MAX = "log.message.timestamp.before.max.ms";
    private static final String AFTER_MAX = "log.message.timestamp.after.max.ms";

    private final AbstractConfig values;

    TopicDefaults(AbstractConfig values) {
        this.values = values;
    }

    /** By topic key; keys without a broker key (throttled replicas, tiered storage) are absent. */
    public Map<String, Object> byTopicKey() {
        Map<String, ?> all = values.values(); // a copy, each time
        Map<String, Object> result = new LinkedHashMap<>();
        for (KeySpec spec : KeyTable.TOPIC.specs()) {
            List<String> synonyms = KeyTable.brokerKeysOf(spec.name());
            if (!synonyms.isEmpty()) {
                result.put(spec.name(), all.get(synonyms.get(0)));
            }
        }
        Map<String, Object> derived = new HashMap<>();
        derived.put("segment.ms", rollMs());
        derived.put("segment.jitter.ms", rollJitterMs());
        derived.put("retention.ms", retentionMs());
        derived.put("flush.ms", flushMs());
        derived.put("message.timestamp.before.max.ms", timestampLimit(BEFORE_MAX));
        derived.put("message.timestamp.after.max.ms", timestampLimit(AFTER_MAX));
        result.putAll(derived);
        return result;
    }

    /** {@code log.roll.ms}, else {@code log.roll.hours}. */
    public long rollMs() {
        return finest("log.roll.ms").orElseGet(() -> TimeUnit.HOURS.toMillis(values.getInt("log.roll.hours")));
    }

    /** {@code log.roll.jitter.ms}, else {@code log.roll.jitter.hours}. */
    public long rollJitterMs() {
        return finest("log.roll.jitter.ms")
                .orElseGet(() -> TimeUnit.HOURS.toMillis(values.getInt("log.roll.jitter.hours")));
    }

    /** {@code log.retention.ms}, else {@code .minutes}, else {@code .hours}; anything negative is -1, for ever. */
    public long retentionMs() {
        Optional<Long> minutes =
                Optional.ofNullable(values.getInt("log.retention.minutes")).map(TimeUnit.MINUTES::toMillis);
        long written = finest("log.retention.ms")
                .or(() -> minutes)
                .orElseGet(() -> TimeUnit.HOURS.toMillis(values.getInt("log.retention.hours")));
        return written < 0 ? UNLIMITED : written;
    }

    /** {@code log.flush.interval.ms}, else {@code log.flush.scheduler.interval.ms}. */
    public long flushMs() {
        return finest("log.flush.interval.ms").orElseGet(() -> values.getLong("log.flush.scheduler.interval.ms"));
    }

    private Optional<Long> finest(String key) {
        return Optional.ofNullable(values.getLong(key));
    }

    /** KIP-937: the new keys, or the old one where only that was written. */
    private long timestampLimit(String key) {
        long written = values.getLong(key);
        return written != Long.MAX_VALUE ? written : values.getLong("log.message.timestamp.difference.max.ms");
    }
}
