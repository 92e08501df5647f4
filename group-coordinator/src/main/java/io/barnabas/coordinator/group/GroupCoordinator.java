// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Consumer groups of the classic protocol and their committed offsets, exactly as a broker of Kafka 3.9 in ZooKeeper
 * mode keeps them.
 *
 * <p>A group lives on the leader of one partition of {@code __consumer_offsets}; see {@link #partitionFor}. Every
 * method may be called on any thread and does not block. The stages never fail for a reason the protocol has an error
 * code for, and complete on a loop of the coordinator: whoever has long work to do moves it elsewhere.
 */
public interface GroupCoordinator extends AutoCloseable {
    /** The partition of {@code __consumer_offsets} whose leader coordinates the group. */
    int partitionFor(String groupId);

    /** Joins a group. The answer comes when the rebalance is complete, possibly much later. */
    CompletionStage<JoinGroup.Result> joinGroup(JoinGroup.Request request);

    /** Hands in or fetches an assignment. The answer comes when the leader's assignment is stored. */
    CompletionStage<SyncGroup.Result> syncGroup(SyncGroup.Request request);

    /** Extends a member's session. REBALANCE_IN_PROGRESS asks the member to join again. */
    CompletionStage<Errors> heartbeat(Heartbeat heartbeat);

    /** Takes members out of the group, each with a result of its own, and rebalances. */
    CompletionStage<LeaveGroup.Result> leaveGroup(LeaveGroup.Request request);

    /** Commits offsets. The answer comes when they are replicated to all in-sync replicas. */
    CompletionStage<Map<TopicPartition, Errors>> commitOffsets(OffsetCommit commit);

    /** Commits offsets with a transaction; they count only once {@link #completeTransaction} says so. */
    CompletionStage<Map<TopicPartition, Errors>> commitTransactionalOffsets(TxnOffsetCommit commit);

    /**
     * Makes pending transactional offsets count, or drops them. To be called once the marker is committed.
     *
     * @param partitions the partitions of {@code __consumer_offsets} the marker was written to
     * @return completes when all of them took it in; fails with the first error, such as NOT_COORDINATOR
     */
    CompletionStage<Void> completeTransaction(long producerId, Collection<Integer> partitions, boolean committed);

    /** Reads committed offsets. Does not wait for commits under way. */
    CompletionStage<OffsetFetch.Result> fetchOffsets(OffsetFetch.Request request);

    /** Deletes offsets of single partitions. The answer comes when the deletion is replicated. */
    CompletionStage<OffsetDelete.Result> deleteOffsets(OffsetDelete.Request request);

    /** Describes a group; one that does not exist is {@code Dead}. */
    CompletionStage<GroupDescription> describeGroup(String groupId);

    /**
     * Lists the groups coordinated here.
     *
     * @param states only groups in these states, in any case of letters; empty for all
     * @param types only groups of these types, in any case of letters; empty for all
     */
    CompletionStage<GroupListing> listGroups(Set<String> states, Set<String> types);

    /** Deletes empty groups with their offsets. The answer comes when the deletion is replicated. */
    CompletionStage<Map<String, Errors>> deleteGroups(List<String> groupIds);

    /** Forgets what was committed for partitions that are no more. */
    void onPartitionsDeleted(Collection<TopicPartition> partitions);

    /** This broker leads the partition of {@code __consumer_offsets} from this leader epoch on: load its groups. */
    void onElection(int partition, int leaderEpoch);

    /**
     * This broker no longer leads the partition: forget its groups, and tell everyone who waits NOT_COORDINATOR.
     *
     * @param leaderEpoch the epoch that ended the leadership; older than the loaded one it is ignored. Empty if the
     *     replica is stopped, which always counts
     */
    void onResignation(int partition, OptionalInt leaderEpoch);

    /** Answers everyone who waits with COORDINATOR_NOT_AVAILABLE, and takes no more. */
    @Override
    void close();
}
