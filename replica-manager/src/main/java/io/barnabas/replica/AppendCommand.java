// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.VerificationGuard;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * Records to append to partitions led here.
 *
 * @param requiredAcks 0 and 1 ask for the leader's append only, -1 for all in-sync replicas; anything else is answered
 *     with INVALID_REQUIRED_ACKS
 * @param timeoutMs how long to wait for the in-sync replicas before answering REQUEST_TIMED_OUT
 * @param internalTopicsAllowed whether internal topics may be written; otherwise INVALID_TOPIC_EXCEPTION
 * @param origin who appends; never {@link AppendOrigin#REPLICATION}
 * @param records the records per partition; their bytes must stay valid until the future completes
 * @param guards for transactional records, what {@link ReplicaManager#startVerification} handed out, by partition
 * @param verified whether transactional records need a guard where their transaction is not open yet
 */
public record AppendCommand(
        short requiredAcks,
        int timeoutMs,
        boolean internalTopicsAllowed,
        AppendOrigin origin,
        Map<TopicPartition, MemoryRecords> records,
        Map<TopicPartition, VerificationGuard> guards,
        boolean verified) {
    public static final short ACKS_ALL = -1;

    /** Records whose transactions, if any, are not verified. */
    public AppendCommand(
            short requiredAcks,
            int timeoutMs,
            boolean internalTopicsAllowed,
            AppendOrigin origin,
            Map<TopicPartition, MemoryRecords> records) {
        this(requiredAcks, timeoutMs, internalTopicsAllowed, origin, records, Map.of(), false);
    }

    /** The guard a partition's records come with. */
    public VerificationGuard guard(TopicPartition partition) {
        return verified ? guards.getOrDefault(partition, VerificationGuard.NONE) : VerificationGuard.NOT_REQUIRED;
    }

    /** A coordinator's write to its own partition, replicated to all in-sync replicas. */
    public static AppendCommand byCoordinator(TopicPartition partition, MemoryRecords records, int timeoutMs) {
        return new AppendCommand(ACKS_ALL, timeoutMs, true, AppendOrigin.COORDINATOR, Map.of(partition, records));
    }

    /** The same with a guard, unless it is {@link VerificationGuard#NOT_REQUIRED}. */
    public static AppendCommand byCoordinator(
            TopicPartition partition, MemoryRecords records, int timeoutMs, VerificationGuard guard) {
        return new AppendCommand(
                ACKS_ALL,
                timeoutMs,
                true,
                AppendOrigin.COORDINATOR,
                Map.of(partition, records),
                Map.of(partition, guard),
                guard != VerificationGuard.NOT_REQUIRED);
    }
}
