// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.record.TimestampType;

/** Builds a {@link LogConfig}; what is not set has Kafka's default. Not thread-safe. */
public final class LogConfigBuilder {
    private int segmentBytes = 1024 * 1024 * 1024;
    private long segmentMs = 7L * 24 * 60 * 60 * 1000;
    private long segmentJitterMs = 0L;
    private int segmentIndexBytes = 10 * 1024 * 1024;
    private int indexIntervalBytes = 4096;
    private long flushMessages = Long.MAX_VALUE;
    private long flushMs = Long.MAX_VALUE;
    private long retentionBytes = -1L;
    private long retentionMs = 7L * 24 * 60 * 60 * 1000;
    private int maxMessageBytes = 1024 * 1024 + 12;
    private long fileDeleteDelayMs = 60_000L;
    private long deleteRetentionMs = 24L * 60 * 60 * 1000;
    private long minCompactionLagMs = 0L;
    private long maxCompactionLagMs = Long.MAX_VALUE;
    private double minCleanableDirtyRatio = 0.5;
    private boolean compact = false;
    private boolean delete = true;
    private LogCompression compression = LogCompression.PRODUCER;
    private boolean preallocate = false;
    private TimestampType messageTimestampType = TimestampType.CREATE_TIME;
    private long messageTimestampBeforeMaxMs = Long.MAX_VALUE;
    private long messageTimestampAfterMaxMs = Long.MAX_VALUE;
    private RecordVersion recordVersion = RecordVersion.V2;
    private boolean messageDownconversionEnable = true;
    private int minInSyncReplicas = 1;
    private boolean uncleanLeaderElectionEnable = false;
    private List<String> leaderThrottledReplicas = List.of();
    private List<String> followerThrottledReplicas = List.of();

    LogConfigBuilder() {}

    LogConfigBuilder(LogConfig from) {
        this.segmentBytes = from.segmentBytes();
        this.segmentMs = from.segmentMs();
        this.segmentJitterMs = from.segmentJitterMs();
        this.segmentIndexBytes = from.segmentIndexBytes();
        this.indexIntervalBytes = from.indexIntervalBytes();
        this.flushMessages = from.flushMessages();
        this.flushMs = from.flushMs();
        this.retentionBytes = from.retentionBytes();
        this.retentionMs = from.retentionMs();
        this.maxMessageBytes = from.maxMessageBytes();
        this.fileDeleteDelayMs = from.fileDeleteDelayMs();
        this.deleteRetentionMs = from.deleteRetentionMs();
        this.minCompactionLagMs = from.minCompactionLagMs();
        this.maxCompactionLagMs = from.maxCompactionLagMs();
        this.minCleanableDirtyRatio = from.minCleanableDirtyRatio();
        this.compact = from.compact();
        this.delete = from.delete();
        this.compression = from.compression();
        this.preallocate = from.preallocate();
        this.messageTimestampType = from.messageTimestampType();
        this.messageTimestampBeforeMaxMs = from.messageTimestampBeforeMaxMs();
        this.messageTimestampAfterMaxMs = from.messageTimestampAfterMaxMs();
        this.recordVersion = from.recordVersion();
        this.messageDownconversionEnable = from.messageDownconversionEnable();
        this.minInSyncReplicas = from.minInSyncReplicas();
        this.uncleanLeaderElectionEnable = from.uncleanLeaderElectionEnable();
        this.leaderThrottledReplicas = from.leaderThrottledReplicas();
        this.followerThrottledReplicas = from.followerThrottledReplicas();
    }

    /** Sets {@link LogConfig#segmentBytes()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder segmentBytes(int value) {
        this.segmentBytes = value;
        return this;
    }

    /** Sets {@link LogConfig#segmentMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder segmentMs(long value) {
        this.segmentMs = value;
        return this;
    }

    /** Sets {@link LogConfig#segmentJitterMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder segmentJitterMs(long value) {
        this.segmentJitterMs = value;
        return this;
    }

    /** Sets {@link LogConfig#segmentIndexBytes()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder segmentIndexBytes(int value) {
        this.segmentIndexBytes = value;
        return this;
    }

    /** Sets {@link LogConfig#indexIntervalBytes()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder indexIntervalBytes(int value) {
        this.indexIntervalBytes = value;
        return this;
    }

    /** Sets {@link LogConfig#flushMessages()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder flushMessages(long value) {
        this.flushMessages = value;
        return this;
    }

    /** Sets {@link LogConfig#flushMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder flushMs(long value) {
        this.flushMs = value;
        return this;
    }

    /** Sets {@link LogConfig#retentionBytes()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder retentionBytes(long value) {
        this.retentionBytes = value;
        return this;
    }

    /** Sets {@link LogConfig#retentionMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder retentionMs(long value) {
        this.retentionMs = value;
        return this;
    }

    /** Sets {@link LogConfig#maxMessageBytes()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder maxMessageBytes(int value) {
        this.maxMessageBytes = value;
        return this;
    }

    /** Sets {@link LogConfig#fileDeleteDelayMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder fileDeleteDelayMs(long value) {
        this.fileDeleteDelayMs = value;
        return this;
    }

    /** Sets {@link LogConfig#deleteRetentionMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder deleteRetentionMs(long value) {
        this.deleteRetentionMs = value;
        return this;
    }

    /** Sets {@link LogConfig#minCompactionLagMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder minCompactionLagMs(long value) {
        this.minCompactionLagMs = value;
        return this;
    }

    /** Sets {@link LogConfig#maxCompactionLagMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder maxCompactionLagMs(long value) {
        this.maxCompactionLagMs = value;
        return this;
    }

    /** Sets {@link LogConfig#minCleanableDirtyRatio()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder minCleanableDirtyRatio(double value) {
        this.minCleanableDirtyRatio = value;
        return this;
    }

    /** Sets {@link LogConfig#compact()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder compact(boolean value) {
        this.compact = value;
        return this;
    }

    /** Sets {@link LogConfig#delete()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder delete(boolean value) {
        this.delete = value;
        return this;
    }

    /** Sets {@link LogConfig#compression()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder compression(LogCompression value) {
        this.compression = value;
        return this;
    }

    /** Sets {@link LogConfig#preallocate()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder preallocate(boolean value) {
        this.preallocate = value;
        return this;
    }

    /** Sets {@link LogConfig#messageTimestampType()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder messageTimestampType(TimestampType value) {
        this.messageTimestampType = value;
        return this;
    }

    /** Sets {@link LogConfig#messageTimestampBeforeMaxMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder messageTimestampBeforeMaxMs(long value) {
        this.messageTimestampBeforeMaxMs = value;
        return this;
    }

    /** Sets {@link LogConfig#messageTimestampAfterMaxMs()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder messageTimestampAfterMaxMs(long value) {
        this.messageTimestampAfterMaxMs = value;
        return this;
    }

    /** Sets {@link LogConfig#recordVersion()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder recordVersion(RecordVersion value) {
        this.recordVersion = value;
        return this;
    }

    /** Sets {@link LogConfig#messageDownconversionEnable()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder messageDownconversionEnable(boolean value) {
        this.messageDownconversionEnable = value;
        return this;
    }

    /** Sets {@link LogConfig#minInSyncReplicas()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder minInSyncReplicas(int value) {
        this.minInSyncReplicas = value;
        return this;
    }

    /** Sets {@link LogConfig#uncleanLeaderElectionEnable()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder uncleanLeaderElectionEnable(boolean value) {
        this.uncleanLeaderElectionEnable = value;
        return this;
    }

    /** Sets {@link LogConfig#leaderThrottledReplicas()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder leaderThrottledReplicas(List<String> value) {
        this.leaderThrottledReplicas = value;
        return this;
    }

    /** Sets {@link LogConfig#followerThrottledReplicas()}. */
    @CanIgnoreReturnValue
    public LogConfigBuilder followerThrottledReplicas(List<String> value) {
        this.followerThrottledReplicas = value;
        return this;
    }

    /** The configuration. */
    public LogConfig build() {
        return new LogConfig(
                segmentBytes,
                segmentMs,
                segmentJitterMs,
                segmentIndexBytes,
                indexIntervalBytes,
                flushMessages,
                flushMs,
                retentionBytes,
                retentionMs,
                maxMessageBytes,
                fileDeleteDelayMs,
                deleteRetentionMs,
                minCompactionLagMs,
                maxCompactionLagMs,
                minCleanableDirtyRatio,
                compact,
                delete,
                compression,
                preallocate,
                messageTimestampType,
                messageTimestampBeforeMaxMs,
                messageTimestampAfterMaxMs,
                recordVersion,
                messageDownconversionEnable,
                minInSyncReplicas,
                uncleanLeaderElectionEnable,
                leaderThrottledReplicas,
                followerThrottledReplicas);
    }
}
