// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static io.barnabas.replica.partition.ReplicasFixture.ORDERS;
import static io.barnabas.replica.partition.ReplicasFixture.TOPIC_ID;
import static io.barnabas.replica.partition.ReplicasFixture.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.DeleteRecordsResult;
import io.barnabas.replica.EpochEndResult;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.OffsetQuery;
import io.barnabas.replica.OffsetResult;
import io.barnabas.replica.fetch.FetchAssignment;
import io.barnabas.replica.fetch.FollowerLog;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.EpochEndOffset;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.PartitionLog;
import io.barnabas.replica.log.checkpoint.OffsetCheckpointFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.Records;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.replica.RackAwareReplicaSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerReplicasTest {
    private static final int ALL = -1;
    private static final int LONG = 60_000;

    @TempDir
    Path directory;

    private ReplicasFixture it;

    @BeforeEach
    void open() {
        it = new ReplicasFixture(directory, 2, Optional.empty());
    }

    @AfterEach
    void close() {
        it.close();
    }

    /** Long enough ago for its followers to have heard of it. */
    private void lead(Integer... isr) {
        assertThat(it.order(1, 1, 4, 8, isr).partitionErrors()).containsEntry(ORDERS, Errors.NONE);
        it.nowMs.addAndGet(FollowerPolls.BRIEF_FOR_MS);
    }

    // ---- produce ----

    @Test
    void acksAllIsAnsweredWhenEveryInSyncReplicaHasIt() {
        lead(1, 2);
        CompletableFuture<AppendResult> appended = it.append(ALL, LONG, "a", "b");
        assertThat(appended).isNotDone();
        it.followerFetch(2, 0, 4);
        assertThat(appended).isNotDone();
        it.followerFetch(2, 2, 4);
        assertThat(appended).isDone();
        assertThat(appended.join())
                .extracting(AppendResult::error, AppendResult::baseOffset, AppendResult::lastOffset)
                .containsExactly(Errors.NONE, 0L, 1L);
    }

    @Test
    void waitingProducesAreAnsweredInOrderAsTheHighWatermarkPasses() {
        lead(1, 2);
        CompletableFuture<AppendResult> first = it.append(ALL, LONG, "a");
        CompletableFuture<AppendResult> second = it.append(ALL, LONG, "b");
        it.followerFetch(2, 1, 4);
        assertThat(first).isDone();
        assertThat(second).isNotDone();
        it.followerFetch(2, 2, 4);
        assertThat(second).isDone();
    }

    @Test
    void acksOneIsAnsweredAtOnceEvenUnderMinIsr() {
        lead(1);
        assertThat(it.append(1, LONG, "a").join().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void acksAllUnderMinIsrIsRefused() {
        lead(1);
        assertThat(it.append(ALL, LONG, "a").join().error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(it.replicas.partition(ORDERS).orElseThrow().logEndOffset()).isZero();
    }

    @Test
    void whatComesBehindAFirstBatchThatWasRefusedWaitsForIt() {
        assertThat(produced(1, 0, 0)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(produced(1, 0, 3))
                .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER); // to look for the leader, not to repeat it here
        lead(1, 2);

        assertThat(produced(1, 0, 3)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(produced(1, 0, 0)).isEqualTo(Errors.NONE);
        assertThat(produced(1, 0, 3)).isEqualTo(Errors.NONE);
        assertThat(it.replicas.partition(ORDERS).orElseThrow().logEndOffset()).isEqualTo(6);
    }

    @Test
    void whatComesBehindAFirstBatchThatWasRefusedForTooSmallAnIsrWaitsForIt() {
        lead(1);
        assertThat(produced(ALL, 0, 0)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(produced(ALL, 0, 3)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(produced(1, 0, 3)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(produced(1, 0, 0)).isEqualTo(Errors.NONE);
        assertThat(produced(1, 0, 3)).isEqualTo(Errors.NONE);
    }

    @Test
    void whatComesBehindAFirstBatchOfATransactionThatWasRefusedWaitsForIt() {
        assertThatThrownBy(() -> it.replicas.startVerification(ORDERS, 7, (short) 0, 0))
                .isInstanceOf(NotLeaderOrFollowerException.class);
        lead(1, 2);
        assertThat(produced(1, 0, 3)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(produced(1, 0, 0)).isEqualTo(Errors.NONE);
    }

    @Test
    void whatComesBehindAFirstBatchThatIsToBeSplitWaitsForIt() {
        lead(1, 2);
        MemoryRecords tooLarge = MemoryRecords.withIdempotentRecords(
                Compression.NONE,
                7,
                (short) 0,
                0,
                new SimpleRecord(new byte[600_000]),
                new SimpleRecord(new byte[600_000]));
        assertThat(it.append(1, LONG, tooLarge).join().error()).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(produced(1, 0, 2)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void firstBatchOfATopicThatIsGoneIsNotMissed() {
        assertThat(produced(1, 0, 0)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        it.stop(LeaderAndIsr.EPOCH_DURING_DELETE, true);
        lead(1, 2);
        assertThat(produced(1, 0, 3)).isEqualTo(Errors.NONE);
    }

    @Test
    void firstBatchIsNotMissedOnceAnotherBrokerLeads() {
        assertThat(produced(1, 0, 0)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        it.order(1, 2, 3, 7, 1, 2);
        lead(1, 2);
        assertThat(produced(1, 0, 3)).isEqualTo(Errors.NONE);
    }

    @Test
    void batchThatIsShorterThanItsHeaderIsCorruptAndNothingElse() {
        lead(1, 2);
        ByteBuffer header = ByteBuffer.allocate(42);
        header.putInt(8, 42 - Records.LOG_OVERHEAD);
        header.put(16, RecordBatch.MAGIC_VALUE_V2);
        assertThat(it.append(1, LONG, MemoryRecords.readableRecords(header))
                        .join()
                        .error())
                .isEqualTo(Errors.CORRUPT_MESSAGE);
        produced(1, 0, 0);
        assertThat(it.append(1, LONG, MemoryRecords.readableRecords(header))
                        .join()
                        .error())
                .isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    /** Kafka: its records may have been deleted, and what the log knew of it with them (KIP-360). */
    @Test
    void producerTheLogDoesNotKnowMayGoOnWithAnySequence() {
        lead(1, 2);
        assertThat(produced(1, 0, 3)).isEqualTo(Errors.NONE);
    }

    @Test
    void logThatKnowsTheProducerJudgesItself() {
        lead(1, 2);
        assertThat(produced(1, 0, 0)).isEqualTo(Errors.NONE);
        it.order(1, 2, 5, 9, 1, 2);
        assertThat(produced(1, 0, 0)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER); // repeated, as its answer was lost
        it.order(1, 1, 6, 10, 1, 2);
        assertThat(produced(1, 0, 3)).isEqualTo(Errors.NONE);
    }

    /** One batch of three records of producer 7. */
    private Errors produced(int acks, int epoch, int sequence) {
        return it.append(acks, LONG, Batches.idempotent(7, epoch, sequence, 3, 1_000L))
                .join()
                .error();
    }

    private Errors appended(int acks, AppendOrigin origin, TopicPartition name) {
        return it.replicas
                .append(new AppendCommand((short) acks, LONG, false, origin, Map.of(name, records("a"))))
                .join()
                .get(name)
                .error();
    }

    @Test
    void acksOtherThanKnownAreRefused() {
        lead(1, 2);
        assertThat(it.append(2, LONG, "a").join().error()).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
        assertThat(appended(2, AppendOrigin.CLIENT, new TopicPartition("nowhere", 0)))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void produceThatWaitsTooLongTimesOut() {
        lead(1, 2);
        AppendResult result =
                it.append(ALL, 50, "a").orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(result.error()).isEqualTo(Errors.REQUEST_TIMED_OUT);
    }

    @Test
    void waitingProducesFailWhenAnotherBrokerLeads() {
        lead(1, 2);
        CompletableFuture<AppendResult> appended = it.append(ALL, LONG, "a");
        it.order(1, 2, 5, 9, 1, 2);
        assertThat(appended.join().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void appendElsewhereIsRefusedWithTheReason() {
        assertThat(it.append(1, LONG, "a").join().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(it.replicas.leaderError(new TopicPartition("nowhere", 0)))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void leaderWithoutALeaseDoesNotAcknowledge() {
        lead(1, 2);
        it.mayAcknowledge.set(false);
        assertThat(it.append(1, LONG, "a").join().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    // ---- fetch ----

    @Test
    void consumerWaitsUntilTheHighWatermarkPasses() {
        lead(1, 2);
        CompletableFuture<FetchResult> fetched = it.consumerFetch(0, LONG, 1);
        it.append(1, LONG, "a");
        assertThat(fetched).isNotDone();
        it.followerFetch(2, 1, 4);
        assertThat(fetched).isDone();
        assertThat(fetched.join().records().sizeInBytes()).isPositive();
        assertThat(fetched.join().highWatermark()).isOne();
    }

    @Test
    void followerWaitsUntilTheLogGrows() {
        lead(1, 2);
        CompletableFuture<FetchResult> fetched = it.fetch(2, 0, 4, -1, LONG, 1);
        assertThat(fetched).isNotDone();
        it.append(1, LONG, "a");
        assertThat(fetched.join().records().sizeInBytes()).isPositive();
    }

    @Test
    void followerThatWasJustSentMuchIsAnsweredLaterWithAllThatCameMeanwhile() {
        lead(1, 2);
        String much = "x".repeat(FollowerPace.MUCH_BYTES);
        long offset = 0;
        int both = records("a").sizeInBytes() + records("b").sizeInBytes();
        boolean heldBack = false;
        // a machine that stands still for as long as the pace lets the fetch through before "b" is there; it will not
        // do so each time
        for (int attempt = 0; attempt < 100 && !heldBack; attempt++) {
            it.append(1, LONG, much);
            assertThat(it.fetch(2, offset, 4, -1, LONG, 1).join().records().sizeInBytes())
                    .isPositive();
            offset++;
            it.append(1, LONG, "a");
            CompletableFuture<FetchResult> next = it.fetch(2, offset, 4, -1, LONG, 1);
            it.append(1, LONG, "b");
            boolean waited = !next.isDone();
            offset += 2;
            assertThat(next.join().error()).isEqualTo(Errors.NONE);
            heldBack = waited && next.join().records().sizeInBytes() == both;
        }
        assertThat(heldBack).isTrue();
    }

    @Test
    void followerThatIsHeldBackIsAnsweredAsSoonAsThereIsPlenty() {
        lead(1, 2);
        it.nobodyLooksAgain();
        String much = "x".repeat(FollowerPace.MUCH_BYTES);
        String plenty = "x".repeat(FollowerPace.PLENTY_BYTES);
        long offset = 0;
        boolean heldBack = false;
        for (int attempt = 0; attempt < 100 && !heldBack; attempt++) { // as above
            it.append(1, LONG, much);
            it.fetch(2, offset++, 4, -1, LONG, 1).join();
            it.append(1, LONG, "a");
            CompletableFuture<FetchResult> next = it.fetch(2, offset++, 4, -1, LONG, 1);
            heldBack = !next.isDone();
            it.append(1, LONG, plenty);
            offset++;
            assertThat(next).isDone();
        }
        assertThat(heldBack).isTrue();
    }

    @Test
    void fetchThatWaitedTellsWhatHappenedElsewhereMeanwhile() {
        TopicPartition quiet = new TopicPartition("orders", 1);
        it.lead(quiet, 1, 2, 3);
        lead(1, 2, 3);
        it.replicas.append(new AppendCommand((short) 1, LONG, false, AppendOrigin.CLIENT, Map.of(quiet, records("a"))));
        CompletableFuture<List<FetchResult>> waiting = it.fetchAll(2, Map.of(ORDERS, 0L, quiet, 1L));
        CompletableFuture<List<FetchResult>> third = it.fetchAll(3, Map.of(quiet, 1L));
        assertThat(waiting).isNotDone();

        it.append(1, LONG, "b");

        assertThat(waiting.join())
                .extracting(
                        each -> each.topicIdPartition().partition(),
                        FetchResult::highWatermark,
                        each -> each.records().sizeInBytes() > 0)
                .containsExactlyInAnyOrder(tuple(0, 0L, true), tuple(1, 1L, false));
        assertThat(third).isNotDone();
    }

    @Test
    void fetchWaitsForMinBytes() {
        lead(1, 2);
        int one = records("a").sizeInBytes();
        CompletableFuture<FetchResult> fetched = it.fetch(2, 0, 4, -1, LONG, one + 1);
        it.append(1, LONG, "a");
        assertThat(fetched).isNotDone();
        it.append(1, LONG, "b");
        assertThat(fetched.join().records().sizeInBytes()).isEqualTo(2 * one);
    }

    @Test
    void fetchIsAnsweredEmptyWhenItsTimeIsOver() {
        lead(1, 2);
        FetchResult result =
                it.consumerFetch(0, 30, 1).orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(result.error()).isEqualTo(Errors.NONE);
        assertThat(result.records().sizeInBytes()).isZero();
    }

    @Test
    void waitingFetchLearnsAtOnceThatAnotherBrokerLeads() {
        lead(1, 2);
        CompletableFuture<FetchResult> fetched = it.consumerFetch(0, LONG, 1);
        it.order(1, 2, 5, 9, 1, 2);
        assertThat(fetched.join().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void leadingOneMorePartitionEndsTheWaitingOfItsFollowersOnly() {
        lead(1, 2);
        CompletableFuture<FetchResult> follower = it.fetch(2, 0, 4, -1, LONG, 1);
        CompletableFuture<FetchResult> consumer = it.consumerFetch(0, LONG, 1);

        it.lead(new TopicPartition("orders", 1), 1, 2);

        assertThat(follower.join().error()).isEqualTo(Errors.NONE);
        assertThat(consumer).isNotDone();
    }

    @Test
    void pollsOfFollowersAreBriefWhileTheirOrderToCopyOneMorePartitionMayBeUnderWay() {
        lead(1, 2);
        assertThat(it.fetch(2, 0, 4, -1, LONG, 1)).isNotDone();
        it.lead(new TopicPartition("orders", 1), 1, 2);

        CompletableFuture<FetchResult> brief = it.fetch(2, 0, 4, -1, LONG, 1);
        it.nowMs.addAndGet(FollowerPolls.BRIEF_FOR_MS);
        CompletableFuture<FetchResult> full = it.fetch(2, 0, 4, -1, LONG, 1);

        assertThat(brief.orTimeout(30, TimeUnit.SECONDS).join().error()).isEqualTo(Errors.NONE);
        assertThat(full).isNotDone();
    }

    @Test
    void readersOfAnotherEpochAreFenced() {
        lead(1, 2);
        assertThat(it.followerFetch(2, 0, 3).error()).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(it.followerFetch(2, 0, 5).error()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void followerThatIsNoReplicaIsToldToRetry() {
        lead(1, 2);
        assertThat(it.followerFetch(9, 0, 4).error()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void readBeyondTheEndIsOutOfRange() {
        lead(1, 2);
        assertThat(it.followerFetch(2, 5, 4).error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void readerWhoseHistoryPartsIsToldWhere() {
        lead(1, 2);
        it.append(1, LONG, "a", "b");
        it.order(1, 1, 6, 9, 1, 2);
        it.append(1, LONG, "c");
        FetchResult result = it.fetch(2, 3, 6, 5, LONG, 1).join();
        assertThat(result.divergingEpoch()).contains(new EpochEndOffset(4, 2));
        assertThat(result.records().sizeInBytes()).isZero();
    }

    // ---- in-sync set ----

    @Test
    void followerThatCaughtUpJoinsThroughTheController() {
        lead(1, 2);
        it.append(1, LONG, "a");
        it.followerFetch(2, 1, 4);
        it.followerFetch(3, 1, 4);
        assertThat(it.proposals).hasSize(1);
        assertThat(it.proposals.get(0).proposal().proposed().isr()).containsExactly(1, 2, 3);
        assertThat(it.proposals.get(0).proposal().isrEpochs())
                .contains(new IsrProposals.MemberEpoch(3, 103), new IsrProposals.MemberEpoch(1, 100));
        it.proposals.get(0).commit();
        assertThat(it.replicas.partition(ORDERS).orElseThrow().isr()).containsExactly(1, 2, 3);
        assertThat(it.replicas.partition(ORDERS).orElseThrow().partitionEpoch()).isEqualTo(9);
    }

    @Test
    void waitingProduceIsAnsweredWhenALaggingReplicaLeavesTheIsr() {
        lead(1, 2, 3);
        CompletableFuture<AppendResult> appended = it.append(ALL, LONG, "a");
        it.followerFetch(2, 1, 4);
        it.nowMs.addAndGet(100_000);
        it.order(1, 1, 4, 9, 1, 2);
        assertThat(appended.join().error()).isEqualTo(Errors.NONE);
    }

    // ---- orders ----

    @Test
    void ordersOfAnOldControllerAreRefused() {
        it.order(3, 1, 4, 8, 1, 2);
        assertThat(it.order(2, 1, 5, 9, 1, 2).error()).isEqualTo(Errors.STALE_CONTROLLER_EPOCH);
        assertThat(it.replicas.noteControllerEpoch(2)).isEqualTo(Errors.STALE_CONTROLLER_EPOCH);
        assertThat(it.replicas.noteControllerEpoch(3)).isEqualTo(Errors.NONE);
    }

    @Test
    void orderWithAnOldLeaderEpochIsRefused() {
        lead(1, 2);
        assertThat(it.order(1, 2, 3, 7, 1, 2).partitionErrors()).containsEntry(ORDERS, Errors.STALE_CONTROLLER_EPOCH);
    }

    @Test
    void orderForAnotherTopicOfThatNameIsRefused() {
        lead(1, 2);
        Uuid other = new Uuid(8, 8);
        assertThat(it.order(1, 1, 5, 9, other, false, 1, 2).partitionErrors())
                .containsEntry(ORDERS, Errors.INCONSISTENT_TOPIC_ID);
    }

    @Test
    void fullOrderSetsTheLogOfADeletedTopicAside() {
        lead(1, 2);
        it.append(1, LONG, "old");
        Uuid other = new Uuid(8, 8);
        assertThat(it.order(1, 1, 0, 0, other, true, 1, 2).partitionErrors()).containsEntry(ORDERS, Errors.NONE);
        assertThat(it.replicas.partition(ORDERS).orElseThrow().logEndOffset()).isZero();
        assertThat(it.replicas.partition(ORDERS).orElseThrow().topicId()).isEqualTo(other);
    }

    @Test
    void followerIsFetchedFromItsLeaderAndLeaderIsNot() {
        it.order(1, 2, 4, 8, 1, 2);
        assertThat(it.fetchers.assigned.get(ORDERS).leader().host()).isEqualTo("host2");
        assertThat(it.fetchers.assigned.get(ORDERS).leaderEpoch()).isEqualTo(4);
        it.order(1, 1, 5, 9, 1, 2);
        assertThat(it.fetchers.assigned).isEmpty();
    }

    @Test
    void brokerThatLeavesCopiesWhatItIsInSyncWithAndTakesUpNothingMore() {
        lead(1, 2);
        it.replicas.leaving();

        it.order(1, 2, 5, 9, 2, 3);
        assertThat(it.fetchers.assigned)
                .as("it would be taken back into the ISR")
                .isEmpty();

        it.order(1, 3, 6, 10, 1, 3);
        assertThat(it.fetchers.assigned.get(ORDERS).leaderEpoch()).isEqualTo(6);
    }

    @Test
    void lateAppendOfAFormerFollowerIsFenced() {
        it.order(1, 2, 4, 8, 1, 2);
        FollowerLog followed = it.fetchers.assigned.get(ORDERS).log();
        MemoryRecords batch = records("a");
        batch.batches().forEach(each -> each.setPartitionLeaderEpoch(4));
        assertThat(followed.append(4, 0, batch, 0, 0)).isOne();
        it.order(1, 1, 5, 9, 1, 2);
        assertThatThrownBy(() -> followed.append(4, 1, records("b"), 0, 0))
                .isInstanceOf(FencedLeaderEpochException.class);
        assertThatThrownBy(() -> followed.truncateTo(4, 0)).isInstanceOf(FencedLeaderEpochException.class);
    }

    @Test
    void followerTakesTheLeadersHighWatermarkUpToItsEnd() {
        it.order(1, 2, 4, 8, 1, 2);
        FollowerLog followed = it.fetchers.assigned.get(ORDERS).log();
        followed.append(4, 0, records("a", "b"), 7, 0);
        assertThat(followed.highWatermark()).isEqualTo(2);
    }

    @Test
    void stoppedAndDeletedReplicaIsGone() {
        lead(1, 2);
        CompletableFuture<AppendResult> appended = it.append(ALL, LONG, "a");
        assertThat(it.stop(3, true).partitionErrors()).containsEntry(ORDERS, Errors.FENCED_LEADER_EPOCH);
        assertThat(it.stop(-2, true).partitionErrors()).containsEntry(ORDERS, Errors.NONE);
        assertThat(appended.join().error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(it.replicas.partition(ORDERS)).isEmpty();
        assertThat(it.logs.log(ORDERS)).isEmpty();
    }

    // ---- questions ----

    @Test
    void latestStableOffsetIsToldThoughATransactionIsOpenSinceBeforeThisLeadership() {
        it.order(1, 2, 4, 8, 1, 2);
        it.fetchers.assigned.get(ORDERS).log().append(4, 0, Batches.transactional(7, 0, 0, 2, 1), 2, 0);
        it.order(1, 1, 5, 9, 1);
        OffsetResult stable = it.replicas
                .listOffsets(ORDERS, legacy(OffsetQuery.LATEST, FetchIsolation.TXN_COMMITTED))
                .join();
        assertThat(stable.error()).isEqualTo(Errors.NONE);
        assertThat(stable.offset()).isZero();
    }

    @Test
    void latestOffsetIsNotToldBeforeTheHighWatermarkReachedThisLeadership() {
        it.order(1, 2, 4, 8, 1, 2);
        it.fetchers.assigned.get(ORDERS).log().append(4, 0, records("a", "b"), 0, 0);
        it.order(1, 1, 5, 9, 1, 2);
        OffsetQuery latest = new OffsetQuery(OffsetQuery.LATEST, FetchIsolation.HIGH_WATERMARK, -1, true);
        assertThat(it.replicas.listOffsets(ORDERS, latest).join().error()).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
        it.followerFetch(2, 2, 5);
        assertThat(it.replicas.listOffsets(ORDERS, latest).join()).isEqualTo(new OffsetResult(Errors.NONE, -1, 2, 5));
    }

    @Test
    void earliestAndTieredOffsetsAreTold() {
        lead(1, 2);
        it.append(1, LONG, "a");
        OffsetQuery earliest = new OffsetQuery(OffsetQuery.EARLIEST, FetchIsolation.HIGH_WATERMARK, 4, true);
        assertThat(it.replicas.listOffsets(ORDERS, earliest).join().offset()).isZero();
        OffsetQuery tiered = new OffsetQuery(OffsetQuery.LATEST_TIERED, FetchIsolation.HIGH_WATERMARK, 4, true);
        assertThat(it.replicas.listOffsets(ORDERS, tiered).join()).isEqualTo(OffsetResult.none());
    }

    @Test
    void oldestVersionOfListOffsetsGivesSegmentStartsAndTheHighWatermark() {
        lead(1, 2);
        it.append(1, LONG, "a", "b");
        it.followerFetch(2, 1, 4);
        assertThat(it.replicas.legacyOffsetsBefore(
                        ORDERS, legacy(OffsetQuery.LATEST, FetchIsolation.HIGH_WATERMARK), 5))
                .containsExactly(1L, 0L);
        assertThat(it.replicas.legacyOffsetsBefore(ORDERS, legacy(OffsetQuery.LATEST, FetchIsolation.LOG_END), 5))
                .containsExactly(2L, 0L);
        assertThat(it.replicas.legacyOffsetsBefore(
                        ORDERS, legacy(OffsetQuery.EARLIEST, FetchIsolation.HIGH_WATERMARK), 5))
                .containsExactly(0L);
    }

    @Test
    void endOfAnEpochIsToldByTheLeaderOnly() {
        lead(1, 2);
        it.append(1, LONG, "a");
        it.order(1, 1, 6, 9, 1, 2);
        it.append(1, LONG, "b");
        assertThat(it.replicas.endOffsetForEpoch(ORDERS, 6, 4)).isEqualTo(new EpochEndResult(Errors.NONE, 4, 1));
        assertThat(it.replicas.endOffsetForEpoch(ORDERS, 6, 6)).isEqualTo(new EpochEndResult(Errors.NONE, 6, 2));
        it.order(1, 2, 7, 10, 1, 2);
        assertThat(it.replicas.endOffsetForEpoch(ORDERS, -1, 6).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void deletionOfRecordsWaitsForEveryLiveReplica() {
        it.alive(1, 2);
        lead(1, 2);
        it.append(1, LONG, "a", "b");
        it.followerFetch(2, 2, 4);
        CompletableFuture<Map<TopicPartition, DeleteRecordsResult>> deleted =
                it.replicas.deleteRecords(LONG, Map.of(ORDERS, DeleteRecordsResult.HIGH_WATERMARK));
        assertThat(deleted).isNotDone();
        it.alive(1);
        it.replicas.metadataUpdated(Set.of());
        assertThat(deleted.join()).containsEntry(ORDERS, new DeleteRecordsResult(Errors.NONE, 2));
    }

    @Test
    void deletionOfRecordsIsOnDiskOnceItIsAnswered() throws IOException {
        it.alive(1);
        lead(1, 2);
        it.append(1, LONG, "a", "b", "c");
        it.followerFetch(2, 3, 4);
        assertThat(it.replicas.deleteRecords(LONG, Map.of(ORDERS, 2L)).join())
                .containsEntry(ORDERS, new DeleteRecordsResult(Errors.NONE, 2));
        assertThat(startsOnDisk()).containsExactly(entry(ORDERS, 2L));
    }

    @Test
    void followerTellsOfALogStartOnlyOnceItIsOnDisk() throws Exception {
        it.order(1, 2, 4, 8, 1, 2, 3);
        FollowerLog log = it.fetchers.assigned.get(ORDERS).log();
        log.append(4, 0, records("a", "b", "c"), 3, 0);
        CountDownLatch busy = new CountDownLatch(1);
        Future<?> disk = it.scheduler.submit(() -> {
            busy.await();
            return null;
        });
        log.append(4, 3, MemoryRecords.EMPTY, 3, 2);
        assertThat(it.replicas.partition(ORDERS).orElseThrow().logStartOffset()).isEqualTo(2);
        assertThat(log.logStartOffset()).isZero();
        busy.countDown();
        disk.get();
        it.scheduler.submit(() -> {}).get();
        assertThat(log.logStartOffset()).isEqualTo(2);
        assertThat(startsOnDisk()).containsExactly(entry(ORDERS, 2L));
    }

    private Map<TopicPartition, Long> startsOnDisk() throws IOException {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (String dir : List.of("a", "b")) {
            Path file = directory.resolve(dir).resolve(OffsetCheckpointFile.LOG_START_OFFSET);
            starts.putAll(new OffsetCheckpointFile(file).read());
        }
        return starts;
    }

    @Test
    void deletionOfRecordsBeyondTheHighWatermarkIsRefused() {
        lead(1, 2);
        it.append(1, LONG, "a");
        assertThat(it.replicas
                        .deleteRecords(LONG, Map.of(ORDERS, 1L))
                        .join()
                        .get(ORDERS)
                        .error())
                .isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void fetchOfAnotherTopicOfThatNameIsRefused() {
        lead(1, 2);
        assertThat(it.fetchById(new Uuid(8, 8)).error()).isEqualTo(Errors.INCONSISTENT_TOPIC_ID);
        assertThat(it.fetchById(TOPIC_ID).error()).isEqualTo(Errors.NONE);
    }

    @Test
    void highWatermarkSurvivesARestart() {
        lead(1, 2);
        it.append(1, LONG, "a", "b");
        it.followerFetch(2, 1, 4);
        it.close();
        it = new ReplicasFixture(directory, 2, Optional.empty());
        it.order(1, 2, 5, 9, 1, 2);
        assertThat(it.replicas.partition(ORDERS).orElseThrow().highWatermark()).isOne();
    }

    @Test
    void consumerIsSentToTheInSyncReplicaInItsRack() {
        it.close();
        it = new ReplicasFixture(directory, 2, Optional.of(new RackAwareReplicaSelector()));
        lead(1, 2);
        it.append(1, LONG, "a");
        it.followerFetch(2, 1, 4);
        assertThat(it.fetchFromRack("rack2").preferredReadReplica()).isEqualTo(2);
        assertThat(it.fetchFromRack("rack3").preferredReadReplica()).isEqualTo(FetchResult.NO_PREFERRED_REPLICA);
    }

    @Test
    void replicaMovesToAnotherDirectoryWhileItIsLed() {
        lead(1, 2);
        it.append(1, LONG, "a", "b");
        Path from = it.logs.log(ORDERS).orElseThrow().logDir();
        Path to = from.resolveSibling(from.endsWith("a") ? "b" : "a");
        assertThat(it.replicas.alterReplicaLogDirs(Map.of(ORDERS, to.toString())))
                .containsEntry(ORDERS, Errors.NONE);
        assertThat(it.logs.log(ORDERS).orElseThrow().logDir()).isEqualTo(to);
        assertThat(it.followerFetch(2, 0, 4).records().sizeInBytes())
                .isEqualTo(records("a", "b").sizeInBytes());
        assertThat(it.append(1, LONG, "c").join().baseOffset()).isEqualTo(2);
    }

    @Test
    void moveThatARestartInterruptedGoesOnWithTheNextOrder() {
        lead(1, 2);
        it.append(1, LONG, "a", "b");
        PartitionLog current = it.logs.log(ORDERS).orElseThrow();
        Path from = current.logDir();
        Path to = from.resolveSibling(from.endsWith("a") ? "b" : "a");
        it.logs.preferLogDir(ORDERS, to);
        it.logs.getOrCreateFuture(ORDERS, current.topicId());
        lead(1, 2);
        assertThat(it.logs.log(ORDERS).orElseThrow().logDir()).isEqualTo(to);
        assertThat(it.append(1, LONG, "c").join().baseOffset()).isEqualTo(2);
    }

    @Test
    void unknownDirectoryIsRefused() {
        lead(1, 2);
        assertThat(it.replicas.alterReplicaLogDirs(Map.of(ORDERS, "/nowhere")))
                .containsEntry(ORDERS, Errors.LOG_DIR_NOT_FOUND);
    }

    @Test
    void failedDirectoryTakesItsPartitionsOffline() {
        lead(1, 2);
        CompletableFuture<AppendResult> appended = it.append(ALL, LONG, "a");
        Path failed = it.logs.log(ORDERS).orElseThrow().logDir();
        it.replicas.onLogDirFailure(failed, Set.of(ORDERS), Set.of(), true);
        assertThat(appended.join().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(it.replicas.leaderError(ORDERS)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(it.order(1, 1, 5, 9, 1, 2).partitionErrors()).containsEntry(ORDERS, Errors.KAFKA_STORAGE_ERROR);
        assertThat(it.failedDirs).containsExactly(failed);
    }

    private static OffsetQuery legacy(long timestamp, FetchIsolation isolation) {
        return new OffsetQuery(timestamp, isolation, -1, true);
    }

    @Test
    void topicOfAnOrderIsKnownByItsIdUntilTheMetadataTellsOfIt() {
        Uuid unannounced = new Uuid(8, 8);
        TopicPartition payments = new TopicPartition("payments", 0);
        it.lead(payments, unannounced);
        assertThat(it.replicas.topicNameInOrders(unannounced)).contains("payments");

        lead(1, 2, 3); // of a topic the metadata tells of
        assertThat(it.replicas.topicNameInOrders(ReplicasFixture.TOPIC_ID)).isEmpty();
        assertThat(it.replicas.topicNameInOrders(unannounced)).contains("payments");

        it.announce("payments", unannounced);
        it.lead(payments, unannounced);
        assertThat(it.replicas.topicNameInOrders(unannounced)).isEmpty();
    }

    /** A client may know of a leader from a broker whose metadata is ahead of the leader's own. */
    @Test
    void clientsAreServedWhatWasOrderedUntilItIsDeleted() {
        Uuid unannounced = new Uuid(8, 8);
        TopicPartition payments = new TopicPartition("payments", 0);
        assertThat(appended(1, AppendOrigin.CLIENT, payments)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);

        it.lead(payments, unannounced);
        assertThat(it.replicas.isOrdered(payments)).isTrue();
        assertThat(appended(1, AppendOrigin.CLIENT, payments)).isEqualTo(Errors.NONE);

        it.replicas.metadataUpdated(Set.of(payments)); // which never told of it, but that it is being deleted
        assertThat(it.replicas.isOrdered(payments)).isFalse();
        assertThat(it.replicas.topicNameInOrders(unannounced)).isEmpty();
        assertThat(appended(1, AppendOrigin.CLIENT, payments)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(appended(1, AppendOrigin.COORDINATOR, payments)).isEqualTo(Errors.NONE);
    }

    @Test
    void topicOfAnOrderIsForgottenWhenItIsStoppedBeforeTheMetadataTellsOfIt() {
        Uuid unannounced = new Uuid(8, 8);
        TopicPartition payments = new TopicPartition("payments", 0);
        it.lead(payments, unannounced);

        it.stop(payments, LeaderAndIsr.EPOCH_DURING_DELETE, true);

        assertThat(it.replicas.topicNameInOrders(unannounced)).isEmpty();
    }

    @Test
    void onlyFollowersOfALargeNewTopicTakeTheirTimeToFetch() {
        it.follow("large", RoleChanges.MANY_NEW, 0, true);
        assertThat(firstFetches("large"))
                .hasSize(RoleChanges.MANY_NEW)
                .containsOnly(it.nowMs.get() + RoleChanges.MANY_NEW_PAUSE_MS);

        it.follow("small", RoleChanges.MANY_NEW - 1, 0, true);
        it.follow("moved", RoleChanges.MANY_NEW, 3, true);
        it.follow("known", RoleChanges.MANY_NEW, 0, false);
        for (String topic : List.of("small", "moved", "known")) {
            assertThat(firstFetches(topic)).as(topic).containsOnly(0L);
        }
    }

    private List<Long> firstFetches(String topic) {
        return it.fetchers.assigned.values().stream()
                .filter(assignment -> assignment.topicPartition().topic().equals(topic))
                .map(FetchAssignment::notBeforeMs)
                .toList();
    }
}
