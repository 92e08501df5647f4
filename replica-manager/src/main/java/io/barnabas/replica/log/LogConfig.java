// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.record.TimestampType;

/**
 * What a topic's configuration says about its logs. Immutable; a change is a new value given to
 * {@link PartitionLog#updateConfig}.
 *
 * @param segmentBytes {@code segment.bytes}: size a segment may grow to before the next is rolled
 * @param segmentMs {@code segment.ms}: age after which a non-empty segment is rolled, full or not
 * @param segmentJitterMs {@code segment.jitter.ms}: most that is randomly taken off {@code segment.ms}, so segments do not all roll at once
 * @param segmentIndexBytes {@code segment.index.bytes}: size an index file is preallocated to
 * @param indexIntervalBytes {@code index.interval.bytes}: bytes of log between two index entries
 * @param flushMessages {@code flush.messages}: records after which the log is forced to disk
 * @param flushMs {@code flush.ms}: time after which the log is forced to disk
 * @param retentionBytes {@code retention.bytes}: size beyond which old segments go; -1 for no limit
 * @param retentionMs {@code retention.ms}: age beyond which segments go; -1 for no limit
 * @param maxMessageBytes {@code max.message.bytes}: largest batch accepted from a producer
 * @param fileDeleteDelayMs {@code file.delete.delay.ms}: how long a removed file stays on disk as {@code .deleted}
 * @param deleteRetentionMs {@code delete.retention.ms}: how long tombstones and transaction markers outlive compaction
 * @param minCompactionLagMs {@code min.compaction.lag.ms}: age a record must reach before it may be compacted
 * @param maxCompactionLagMs {@code max.compaction.lag.ms}: age at which a record must be compacted
 * @param minCleanableDirtyRatio {@code min.cleanable.dirty.ratio}: dirty share of the log from which it is compacted
 * @param compact {@code cleanup.policy}: whether {@code cleanup.policy} names {@code compact}
 * @param delete {@code cleanup.policy}: whether {@code cleanup.policy} names {@code delete}
 * @param compression {@code compression.type}: what batches are stored as
 * @param preallocate {@code preallocate}: whether segment files are preallocated
 * @param messageTimestampType {@code message.timestamp.type}: whose clock stamps records
 * @param messageTimestampBeforeMaxMs {@code message.timestamp.before.max.ms}: how far a record's time may lie before the broker's
 * @param messageTimestampAfterMaxMs {@code message.timestamp.after.max.ms}: how far a record's time may lie after the broker's
 * @param recordVersion {@code message.format.version}: the format batches are stored in; V2 from inter-broker protocol 3.0 on
 * @param messageDownconversionEnable {@code message.downconversion.enable}: whether old consumers get records in their old format
 * @param minInSyncReplicas {@code min.insync.replicas}: in-sync replicas an acks=all produce needs
 * @param uncleanLeaderElectionEnable {@code unclean.leader.election.enable}: whether a replica out of sync may lead
 * @param leaderThrottledReplicas {@code leader.replication.throttled.replicas}: {@code partition:broker} pairs throttled as leader, or {@code *}
 * @param followerThrottledReplicas {@code follower.replication.throttled.replicas}: {@code partition:broker} pairs throttled as follower, or {@code *}
 */
public record LogConfig(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        int segmentIndexBytes,
        int indexIntervalBytes,
        long flushMessages,
        long flushMs,
        long retentionBytes,
        long retentionMs,
        int maxMessageBytes,
        long fileDeleteDelayMs,
        long deleteRetentionMs,
        long minCompactionLagMs,
        long maxCompactionLagMs,
        double minCleanableDirtyRatio,
        boolean compact,
        boolean delete,
        LogCompression compression,
        boolean preallocate,
        TimestampType messageTimestampType,
        long messageTimestampBeforeMaxMs,
        long messageTimestampAfterMaxMs,
        RecordVersion recordVersion,
        boolean messageDownconversionEnable,
        int minInSyncReplicas,
        boolean uncleanLeaderElectionEnable,
        List<String> leaderThrottledReplicas,
        List<String> followerThrottledReplicas) {
    /** Kafka's defaults of every topic config. */
    public static final LogConfig DEFAULT = new LogConfigBuilder().build();

    public LogConfig {
        leaderThrottledReplicas = List.copyOf(leaderThrottledReplicas);
        followerThrottledReplicas = List.copyOf(followerThrottledReplicas);
    }

    /** A builder whose values are Kafka's defaults. */
    public static LogConfigBuilder builder() {
        return new LogConfigBuilder();
    }

    /** A builder that starts from this config. */
    public LogConfigBuilder toBuilder() {
        return new LogConfigBuilder(this);
    }

    /** The size a new segment file is preallocated to, 0 for none. */
    public int initFileSize() {
        return preallocate ? segmentBytes : 0;
    }

    /** Age at which a segment is rolled: what has to be compacted soon must not stay in the active segment (KIP-354). */
    public long maxSegmentMs() {
        return compact && maxCompactionLagMs > 0 ? Math.min(maxCompactionLagMs, segmentMs) : segmentMs;
    }

    /** The {@code cleanup.policy} in its configured form, such as {@code compact,delete}. */
    public String cleanupPolicy() {
        if (compact && delete) {
            return "compact,delete";
        }
        return compact ? "compact" : "delete";
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "LogConfig(%s, segment %d bytes / %d ms, retention %d bytes / %d ms)",
                cleanupPolicy(),
                segmentBytes,
                segmentMs,
                retentionBytes,
                retentionMs);
    }
}
