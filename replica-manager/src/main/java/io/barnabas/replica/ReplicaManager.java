// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.VerificationGuard;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * The data path of this broker's replicas.
 *
 * <p>All methods are safe from any thread and do not wait. Futures complete on whichever thread made them come true
 * (another connection's event loop, a follower's fetch, the timer): continuations must be short and must not block.
 */
public interface ReplicaManager {
    /**
     * Appends as leader. The append itself is done when this returns, on the caller's thread, unless a client's batch
     * has much to decompress: then it is done by another thread, and before everything that is given for the same
     * partition from the same thread later. The wait for the in-sync replicas is asynchronous. Partitions succeed and
     * fail one by one; what a client sends for one that the metadata does not tell of is answered with
     * UNKNOWN_TOPIC_OR_PARTITION.
     *
     * @return an answer for every partition named; never fails
     */
    CompletableFuture<Map<TopicPartition, AppendResult>> append(AppendCommand command);

    /**
     * Begins to verify that a producer's transaction includes a partition led here, before its first batch (KIP-890).
     *
     * @param sequence the batch's first sequence, -1 if it has none
     * @return to be given with the batch in {@link AppendCommand#guards}; {@link VerificationGuard#NONE} if there is
     *     nothing to ask, as the transaction is open here
     * @throws org.apache.kafka.common.errors.ApiException if this broker does not lead the partition
     */
    VerificationGuard startVerification(TopicPartition partition, long producerId, short producerEpoch, int sequence);

    /**
     * Reads. A follower's read also tells its log's end, which may move the high watermark before this returns. Waits
     * until {@code minBytes} are there, something changes that the reader must know, or {@code maxWaitMs} is over.
     *
     * @param reader where a fetch that had to wait is read and its future completed. Given the event loop that will
     *     write the answer, all that is appended before that loop comes to it goes into one answer.
     * @return an answer for every partition named, in the order asked; never fails. File slices in it stay readable
     *     until the segment's files are deleted ({@code file.delete.delay.ms} after it left the log).
     */
    CompletableFuture<List<FetchResult>> fetch(FetchCommand command, ScheduledExecutorService reader);

    /**
     * Reads this broker's own log at once, whoever leads it, for loading coordinators.
     *
     * @param maxBytes the most to read; the first batch is read whole even if larger
     */
    FetchResult readLocal(TopicPartition partition, long offset, int maxBytes, FetchIsolation isolation);

    /**
     * Answers ListOffsets, v1 and newer. What can be told without looking into batches is there when this returns.
     *
     * @return the answer; fails only if this broker cannot give one
     */
    CompletableFuture<OffsetResult> listOffsets(TopicPartition partition, OffsetQuery query);

    /**
     * Answers ListOffsets v0: the start offsets of segments last modified before the timestamp, newest first.
     *
     * @throws org.apache.kafka.common.errors.ApiException if this broker may not answer for the partition
     */
    List<Long> legacyOffsetsBefore(TopicPartition partition, OffsetQuery query, int maxOffsets);

    /**
     * Answers OffsetForLeaderEpoch.
     *
     * @param currentLeaderEpoch the epoch the asker knows, -1 if none
     * @param leaderEpoch the epoch whose end is asked for
     */
    EpochEndResult endOffsetForEpoch(TopicPartition partition, int currentLeaderEpoch, int leaderEpoch);

    /**
     * Moves log start offsets up, and waits until all live replicas have followed.
     *
     * @param offsets the first offset to keep per partition, {@link DeleteRecordsResult#HIGH_WATERMARK} for the high
     *     watermark
     * @return an answer for every partition named; never fails
     */
    CompletableFuture<Map<TopicPartition, DeleteRecordsResult>> deleteRecords(
            int timeoutMs, Map<TopicPartition, Long> offsets);

    /** Answers DescribeProducers: what this replica knows, in either role. */
    ProducersResult describeProducers(TopicPartition partition);

    /** The partition as it is now, if it is online on this broker in either role. */
    Optional<PartitionView> partition(TopicPartition partition);

    /** The configuration of the partition's log, if it is online on this broker. */
    Optional<LogConfig> logConfig(TopicPartition partition);

    /**
     * The topic of this id if the controller has ordered a replica of it to be here, and the metadata does not tell of
     * it yet: the order comes first, and so may the question of a follower that has its own already, or of a client.
     */
    Optional<String> topicNameInOrders(Uuid topicId);

    /**
     * Whether the controller has ordered the partition to be here, and the metadata does not tell of it yet. Clients
     * may know of it from another broker, and are served.
     */
    boolean isOrdered(TopicPartition partition);

    /**
     * Whether this broker leads the partition: {@link Errors#NONE}, else {@link Errors#KAFKA_STORAGE_ERROR} (offline
     * here), {@link Errors#NOT_LEADER_OR_FOLLOWER} (led elsewhere, or known to the cluster only) or
     * {@link Errors#UNKNOWN_TOPIC_OR_PARTITION}.
     */
    Errors leaderError(TopicPartition partition);

    /** The partitions online on this broker. */
    Collection<TopicPartition> onlinePartitions();

    /** Hears all changes of leadership from now on. */
    void addLeadershipListener(LeadershipListener listener);
}
