// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.log.PartitionLog;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * A partition's role at a moment, for readers without the lock.
 *
 * @param log the log; null when there is none online
 * @param isLeader whether this broker leads
 * @param leaderId who leads, -1 if nobody
 * @param leaderEpoch the leader epoch, -1 if none
 * @param partitionEpoch zkVersion of the state
 * @param leaderEpochStartOffset where this leadership began, -1 unless leader
 * @param isr the committed in-sync set, empty unless leader
 * @param replicas all replicas
 */
record RoleSnapshot(
        PartitionLog log,
        boolean isLeader,
        int leaderId,
        int leaderEpoch,
        int partitionEpoch,
        long leaderEpochStartOffset,
        List<Integer> isr,
        List<Integer> replicas) {
    static final RoleSnapshot NONE = new RoleSnapshot(null, false, -1, -1, -1, -1L, List.of(), List.of());

    /**
     * Whether a reader may be served.
     *
     * @param currentLeaderEpoch the epoch the reader knows, -1 if none
     * @param leaderOnly whether only a leader may serve
     */
    Errors check(int currentLeaderEpoch, boolean leaderOnly) {
        if (currentLeaderEpoch >= 0 && currentLeaderEpoch != leaderEpoch) {
            return currentLeaderEpoch < leaderEpoch ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
        }
        if (log == null || (leaderOnly && !isLeader)) {
            return Errors.NOT_LEADER_OR_FOLLOWER;
        }
        return Errors.NONE;
    }
}
