// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.key.KeyTable;
import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.replica.log.LogCompression;
import io.barnabas.replica.log.LogConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.record.TimestampType;

/** The keys of topics: checks overrides as Kafka does, and turns them into the log's own settings. No state. */
public final class TopicConfigs {
    private static final ConfigDef DEFINITION = KeyTable.TOPIC.definition();
    private static final String FORMAT_VERSION = "message.format.version";
    private static final String REMOTE_STORAGE = "remote.storage.enable";

    private TopicConfigs() {}

    /**
     * The value of every topic key: the overrides, the broker's defaults, Kafka's.
     *
     * @throws ConfigException where an override cannot be read or is out of its limits
     */
    public static Map<String, Object> effective(Map<String, String> overrides, BarnabasConfig broker) {
        Map<String, Object> combined = broker.topicDefaults().byTopicKey();
        combined.putAll(overrides);
        return DEFINITION.parse(combined);
    }

    /**
     * Checks the overrides of one topic.
     *
     * @throws ConfigException where a value cannot be read or is out of its limits
     * @throws InvalidConfigurationException where a name is unknown or two values contradict; all with Kafka's messages
     */
    public static void validate(Map<String, String> overrides, BarnabasConfig broker) {
        for (String name : overrides.keySet()) {
            if (!KeyTable.TOPIC.contains(name)) {
                throw new InvalidConfigurationException("Unknown topic config name: " + name);
            }
        }
        checkTogether(effective(overrides, broker));
    }

    private static void checkTogether(Map<String, Object> values) {
        long minLag = (Long) values.get("min.compaction.lag.ms");
        long maxLag = (Long) values.get("max.compaction.lag.ms");
        if (minLag > maxLag) {
            throw new InvalidConfigurationException("conflict topic config setting min.compaction.lag.ms (" + minLag
                    + ") > max.compaction.lag.ms (" + maxLag + ")");
        }
        if ((Boolean) values.get("remote.log.delete.on.disable") || (Boolean) values.get("remote.log.copy.disable")) {
            throw new InvalidConfigurationException("It is invalid to set `remote.log.delete.on.disable` or"
                    + " `remote.log.copy.disable` under Zookeeper's mode.");
        }
        if ((Boolean) values.get(REMOTE_STORAGE)) {
            throw new ConfigException("Tiered Storage functionality is disabled in the broker. Topic cannot be"
                    + " configured with remote log storage.");
        }
    }

    /**
     * The settings of a topic's logs. Stored overrides that nobody can read any more (written by another version) are
     * left out one by one rather than taking the topic down.
     */
    public static LogConfig logConfig(Map<String, String> overrides, BarnabasConfig broker) {
        Map<String, String> readable = new HashMap<>(overrides);
        readable.entrySet().removeIf(entry -> !readable(entry.getKey(), entry.getValue()));
        return toLogConfig(effective(readable, broker), broker.peers().protocolVersion());
    }

    private static boolean readable(String key, String value) {
        return KeyTable.TOPIC.contains(key)
                && DEFINITION.validate(Map.of(key, value)).stream()
                        .filter(result -> result.name().equals(key))
                        .allMatch(result -> result.errorMessages().isEmpty());
    }

    private static LogConfig toLogConfig(Map<String, Object> values, ProtocolVersion protocol) {
        List<String> policies = list(values, "cleanup.policy");
        return LogConfig.builder()
                .segmentBytes((Integer) values.get("segment.bytes"))
                .segmentMs((Long) values.get("segment.ms"))
                .segmentJitterMs((Long) values.get("segment.jitter.ms"))
                .segmentIndexBytes((Integer) values.get("segment.index.bytes"))
                .indexIntervalBytes((Integer) values.get("index.interval.bytes"))
                .flushMessages((Long) values.get("flush.messages"))
                .flushMs((Long) values.get("flush.ms"))
                .retentionBytes((Long) values.get("retention.bytes"))
                .retentionMs((Long) values.get("retention.ms"))
                .maxMessageBytes((Integer) values.get("max.message.bytes"))
                .fileDeleteDelayMs((Long) values.get("file.delete.delay.ms"))
                .deleteRetentionMs((Long) values.get("delete.retention.ms"))
                .minCompactionLagMs((Long) values.get("min.compaction.lag.ms"))
                .maxCompactionLagMs((Long) values.get("max.compaction.lag.ms"))
                .minCleanableDirtyRatio((Double) values.get("min.cleanable.dirty.ratio"))
                .compact(policies.contains("compact"))
                .delete(policies.contains("delete"))
                .compression(compression(values))
                .preallocate((Boolean) values.get("preallocate"))
                .messageTimestampType(TimestampType.forName((String) values.get("message.timestamp.type")))
                .messageTimestampBeforeMaxMs(timestampLimit(values, "message.timestamp.before.max.ms"))
                .messageTimestampAfterMaxMs(timestampLimit(values, "message.timestamp.after.max.ms"))
                .recordVersion(recordVersion(values, protocol))
                .messageDownconversionEnable((Boolean) values.get("message.downconversion.enable"))
                .minInSyncReplicas((Integer) values.get("min.insync.replicas"))
                .uncleanLeaderElectionEnable((Boolean) values.get("unclean.leader.election.enable"))
                .leaderThrottledReplicas(list(values, "leader.replication.throttled.replicas"))
                .followerThrottledReplicas(list(values, "follower.replication.throttled.replicas"))
                .build();
    }

    private static LogCompression compression(Map<String, Object> values) {
        return switch ((String) values.get("compression.type")) {
            case "producer" -> LogCompression.PRODUCER;
            case "gzip" ->
                LogCompression.of(Compression.gzip()
                        .level((Integer) values.get("compression.gzip.level"))
                        .build());
            case "lz4" ->
                LogCompression.of(Compression.lz4()
                        .level((Integer) values.get("compression.lz4.level"))
                        .build());
            case "zstd" ->
                LogCompression.of(Compression.zstd()
                        .level((Integer) values.get("compression.zstd.level"))
                        .build());
            case "snappy" -> LogCompression.of(Compression.snappy().build());
            default -> LogCompression.of(Compression.NONE);
        };
    }

    @SuppressWarnings("unchecked") // a LIST of ConfigDef is a list of strings
    private static List<String> list(Map<String, Object> values, String key) {
        return (List<String>) values.get(key);
    }

    /** From 3.0 on the protocol version decides, and the key is ignored (KIP-724). */
    private static RecordVersion recordVersion(Map<String, Object> values, ProtocolVersion protocol) {
        if (protocol.isAtLeast(ProtocolVersion.IBP_3_0_IV0)) {
            return RecordVersion.V2;
        }
        return RecordVersion.lookup(
                ProtocolVersion.parse((String) values.get(FORMAT_VERSION)).highestRecordFormat());
    }

    private static long timestampLimit(Map<String, Object> values, String key) {
        long written = (Long) values.get(key);
        return written != Long.MAX_VALUE ? written : (Long) values.get("message.timestamp.difference.max.ms");
    }
}
