// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.QuotaKeys;
import io.barnabas.broker.config.dynamic.ReplicationThrottles;
import io.barnabas.broker.config.dynamic.TopicConfigRepository;
import io.barnabas.replica.fetch.ReplicationQuota;
import io.barnabas.replica.fetch.WindowedQuota;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The two replication throttles of this broker (KIP-73): which replicas, from topic configs; how fast, from dynamic ones. */
final class ReplicationThrottling implements Consumer<ReplicationThrottles> {
    private static final String EVERY_REPLICA = "*";

    private final WindowedQuota leader;
    private final WindowedQuota follower;
    private final WindowedQuota moves;
    private final String ownSuffix;

    ReplicationThrottling(int brokerId, TopicConfigRepository topics, QuotaKeys settings, InstantSource clock) {
        this.ownSuffix = ":" + brokerId;
        this.leader = new WindowedQuota(
                partition -> names(topics.logConfig(partition.topic()).leaderThrottledReplicas(), partition),
                clock,
                settings.replicationSamples(),
                settings.replicationWindowSeconds());
        this.follower = new WindowedQuota(
                partition -> names(topics.logConfig(partition.topic()).followerThrottledReplicas(), partition),
                clock,
                settings.replicationSamples(),
                settings.replicationWindowSeconds());
        this.moves = new WindowedQuota(
                partition -> true, clock, settings.alterLogDirsSamples(), settings.alterLogDirsWindowSeconds());
    }

    ReplicationQuota leader() {
        return leader;
    }

    ReplicationQuota follower() {
        return follower;
    }

    /** Moves between this broker's log directories (KIP-113); all of them count. */
    ReplicationQuota moves() {
        return moves;
    }

    @Override
    public void accept(ReplicationThrottles throttles) {
        leader.rate(throttles.leaderBytesPerSecond());
        follower.rate(throttles.followerBytesPerSecond());
        moves.rate(throttles.moveBytesPerSecond());
    }

    private boolean names(List<String> throttled, TopicPartition partition) {
        return throttled.contains(EVERY_REPLICA) || throttled.contains(partition.partition() + ownSuffix);
    }
}
