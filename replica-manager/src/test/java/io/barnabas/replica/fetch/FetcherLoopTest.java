// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.fetch.FetchPlan.PartitionFetch;
import io.barnabas.replica.log.DiskFullException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A fetcher beside a leader in memory: what it asks, and what the follower's log ends up as. */
class FetcherLoopTest {
    private static final TopicPartition ONE = new TopicPartition("orders", 0);
    private static final TopicPartition TWO = new TopicPartition("orders", 1);
    private static final long BACKOFF_MS = 1000L;
    private static final int MAX_WAIT_MS = 500;

    private final ManualTime time = new ManualTime();
    private final Queue<Runnable> disk = new ArrayDeque<>();
    private final List<FetchAssignment> parked = new ArrayList<>();
    private FakeLeader leader = new FakeLeader(true);
    private ReplicationQuota quota = ReplicationQuota.UNLIMITED;
    private FetcherLoop loop;

    private void follow(MemoryLog log, int epoch) {
        follow(log, epoch, 0);
    }

    private void follow(MemoryLog log, int epoch, long notBeforeMs) {
        if (loop == null) {
            FetcherEnvironment environment = new FetcherEnvironment(time, time, disk::add, quota, EventSink.NONE);
            loop = new FetcherLoop(
                    leader, 0, new FetcherConfig(1, BACKOFF_MS, 2, MAX_WAIT_MS), environment, parked::add);
        }
        loop.add(List.of(FakeLeader.assignment(log.inEpoch(epoch), epoch, notBeforeMs)));
        settle();
    }

    private void settle() {
        leader.settle();
        while (!disk.isEmpty()) {
            disk.poll().run();
            leader.settle();
        }
    }

    private void answer() {
        leader.answer();
        settle();
    }

    private FetchPlan lastPlan() {
        return leader.plans.get(leader.plans.size() - 1);
    }

    private static List<Long> offsets(FetchPlan plan) {
        return plan.partitions().stream().map(PartitionFetch::fetchOffset).toList();
    }

    @Test
    void copiesTheLeadersLogAndFollowsItsHighWatermark() {
        MemoryLog leading = new MemoryLog(ONE).with(5, 7).committedTo(6);
        leader.leads(leading, 5);
        MemoryLog log = new MemoryLog(ONE);

        follow(log, 5);
        answer();
        answer();
        answer();

        assertThat(log.entries()).isEqualTo(leading.entries());
        assertThat(log.highWatermark()).isEqualTo(6);
    }

    @Test
    void firstFetchComesNotBeforeItsTime() {
        leader.leads(new MemoryLog(ONE).with(0, 1), 0).leads(new MemoryLog(TWO).with(0, 1), 0);
        MemoryLog log = new MemoryLog(ONE);
        follow(log, 0, time.instant().toEpochMilli() + 200);
        follow(new MemoryLog(TWO), 0);
        answer(); // the other one does not wait for it
        assertThat(lastPlan().partitions().stream()
                        .map(PartitionFetch::topicPartition)
                        .toList())
                .doesNotContain(ONE);

        time.advance(199);
        answer();
        assertThat(log.entries()).isEmpty();

        time.advance(1);
        settle();
        answer();
        answer();
        assertThat(log.entries()).hasSize(1);
    }

    @Test
    void namesOnlyWhatChangedInTheNextFetchOfItsSession() {
        leader.leads(new MemoryLog(ONE).with(1, 2), 1).leads(new MemoryLog(TWO), 1);
        follow(new MemoryLog(ONE), 1);
        follow(new MemoryLog(TWO), 1);
        answer();
        answer(); // TWO joined late
        answer();

        assertThat(leader.plans.get(0).sessionEpoch()).isZero();
        assertThat(lastPlan().sessionId()).isEqualTo(1);
        assertThat(lastPlan().sessionEpoch()).isEqualTo(leader.plans.size() - 1);
        assertThat(lastPlan().partitions()).isEmpty();
        assertThat(lastPlan().forgotten()).isEmpty();
    }

    @Test
    void beginsANewSessionAtOnceWhenTheLeaderForgotIt() {
        leader.leads(new MemoryLog(ONE).with(1, 2), 1);
        follow(new MemoryLog(ONE), 1);
        answer();
        leader.forgetSession();

        answer();

        assertThat(lastPlan().sessionId()).isZero();
        assertThat(lastPlan().sessionEpoch()).isZero();
        assertThat(offsets(lastPlan())).containsExactly(2L);
    }

    @Test
    void closesTheSessionWhenAnAnswerNamesAPartitionItNeverAskedFor() {
        leader.leads(new MemoryLog(ONE), 1);
        follow(new MemoryLog(ONE), 1);
        answer();
        FetchAnswer strange = new FetchAnswer(
                Errors.NONE,
                1,
                0,
                List.of(new FetchAnswer.PartitionAnswer(
                        TWO,
                        org.apache.kafka.common.Uuid.ZERO_UUID,
                        Errors.NONE,
                        0,
                        0,
                        null,
                        org.apache.kafka.common.record.MemoryRecords.EMPTY)));

        leader.answer(strange);

        assertThat(lastPlan().sessionId()).isEqualTo(1);
        assertThat(lastPlan().sessionEpoch()).isZero();
    }

    @Test
    void forgetsARemovedPartitionAndTouchesItNoMore() {
        leader.leads(new MemoryLog(ONE).with(1, 2), 1).leads(new MemoryLog(TWO).with(1, 2), 1);
        MemoryLog removed = new MemoryLog(ONE);
        follow(new MemoryLog(TWO), 1);
        follow(removed, 1);
        answer();

        CompletableFuture<Void> done = loop.remove(List.of(ONE));
        settle();
        assertThat(done).isCompleted();
        answer();

        assertThat(removed.entries()).isEmpty();
        assertThat(lastPlan().forgotten())
                .extracting(FetchPlan.ForgottenPartition::topicPartition)
                .containsExactly(ONE);
    }

    @Test
    void completesARemovalOnlyWhenTheCutUnderWayIsDone() {
        leader.leads(new MemoryLog(ONE).with(1, 4), 2);
        MemoryLog log = new MemoryLog(ONE).with(1, 6).inEpoch(2);
        loop = null;
        follow(log, 2);
        leader.answer(); // diverges: the cut waits on the disk executor
        assertThat(disk).isNotEmpty();

        CompletableFuture<Void> done = loop.remove(List.of(ONE));
        leader.settle();

        assertThat(done).isNotDone();
        settle();
        assertThat(done).isCompleted();
    }

    /** KIP-101 scenario 1: a follower restarts, truncating to its high watermark must not lose what the leader has. */
    @Test
    void keepsRecordsAboveItsHighWatermarkThatTheLeaderHasToo() {
        leader = new FakeLeader(false);
        leader.leads(new MemoryLog(ONE).with(0, 2).committedTo(2), 1);
        MemoryLog log = new MemoryLog(ONE).with(0, 2).committedTo(1);

        follow(log, 1);

        assertThat(log.entries()).hasSize(2);
        assertThat(offsets(lastPlan())).containsExactly(2L);
    }

    /** KIP-101 scenario 2: two replicas restart and the other is elected; the histories must not stay diverged. */
    @Test
    void dropsWhatItWroteInAnEpochTheLeaderNeverSaw() {
        leader = new FakeLeader(false);
        MemoryLog leading = new MemoryLog(ONE).with(0, 1).with(2, 3);
        leader.leads(leading, 2);
        MemoryLog log = new MemoryLog(ONE).with(0, 1).with(1, 1).committedTo(1);

        follow(log, 2);
        answer();

        assertThat(log.entries()).isEqualTo(leading.entries());
    }

    /** KIP-279: after fast fail-overs one question is not enough; each answer narrows the common history. */
    @Test
    void asksAgainForAnEarlierEpochUntilTheHistoriesMeet() {
        leader = new FakeLeader(false);
        MemoryLog leading = new MemoryLog(ONE).with(0, 2).with(2, 2).with(4, 2);
        leader.leads(leading, 5);
        MemoryLog log = new MemoryLog(ONE).with(0, 3).with(1, 2).with(3, 2);

        follow(log, 5);
        answer();
        answer();

        assertThat(leader.questions).hasSizeGreaterThan(1);
        assertThat(log.entries()).isEqualTo(leading.entries());
    }

    @Test
    void cutsWhereTheLeaderSaysWithTheFetchThatTheHistoriesPart() {
        MemoryLog leading = new MemoryLog(ONE).with(0, 2).with(2, 2).with(4, 2);
        leader.leads(leading, 5);
        MemoryLog log = new MemoryLog(ONE).with(0, 3).with(1, 2).with(3, 2);

        follow(log, 5);
        for (int i = 0; i < 5; i++) {
            answer();
        }

        assertThat(log.entries()).isEqualTo(leading.entries());
        assertThat(leader.questions).isEmpty();
    }

    @Test
    void cutsBackToTheLeadersEndWhenItIsAheadOfIt() {
        leader = new FakeLeader(false);
        leader.leads(new MemoryLog(ONE).with(1, 3), 1);
        MemoryLog log = new MemoryLog(ONE).with(1, 3);
        follow(log, 1);
        log.with(1, 2); // an unclean election left it ahead
        leader.errors.put(ONE, Errors.OFFSET_OUT_OF_RANGE);
        answer();
        leader.errors.clear();

        assertThat(log.logEndOffset()).isEqualTo(3);
        assertThat(leader.questions).contains("LATEST of orders-0").doesNotContain("EARLIEST of orders-0");
        answer();
        assertThat(offsets(lastPlan())).isEmpty();
    }

    @Test
    void startsOverWhereTheLeaderStartsWhenItFellBehindThat() {
        MemoryLog leading = new MemoryLog(ONE).with(1, 9).startingAt(5);
        leader.leads(leading, 1);
        MemoryLog log = new MemoryLog(ONE).with(1, 2);
        follow(log, 1);

        answer();
        answer();
        answer();

        assertThat(log.logStartOffset()).isEqualTo(5);
        assertThat(log.entries()).isEqualTo(leading.entries());
    }

    @Test
    void parksAFencedPartitionUntilANewOrder() {
        leader.leads(new MemoryLog(ONE).with(1, 1), 3);
        MemoryLog log = new MemoryLog(ONE);
        follow(log, 2);
        answer();

        assertThat(parked).extracting(FetchAssignment::topicPartition).containsExactly(ONE);
        time.advance(10 * BACKOFF_MS);
        settle();
        assertThat(leader.fetchUnderWay).isNotNull(); // tells the leader to forget it
        assertThat(lastPlan().partitions()).isEmpty();

        follow(log, 3);
        answer();
        answer();
        assertThat(log.entries()).hasSize(1);
    }

    @Test
    void waitsForTheBackoffWhenTheLeaderDoesNotLeadYet() {
        MemoryLog log = new MemoryLog(ONE);
        follow(log, 1);
        answer(); // NOT_LEADER_OR_FOLLOWER
        answer(); // the fetch that forgets it
        int before = leader.plans.size();
        assertThat(leader.fetchUnderWay).isNull();

        leader.leads(new MemoryLog(ONE).with(1, 2), 1);
        time.advance(BACKOFF_MS);
        settle();

        assertThat(leader.plans).hasSize(before + 1);
        answer();
        assertThat(log.entries()).hasSize(2);
    }

    @Test
    void asksALeaderThatDoesNotKnowOfItsRoleYetAgainAfterAMoment() {
        MemoryLog log = new MemoryLog(ONE);
        follow(log, 1);
        answer(); // NOT_LEADER_OR_FOLLOWER
        answer(); // the fetch that forgets it
        leader.leads(new MemoryLog(ONE).with(1, 2), 1);

        time.advance(10L);
        settle();
        answer();

        assertThat(log.entries()).hasSize(2);
    }

    @Test
    void asksALeaderThatHasNotHeardOfTheTopicYetAgainSoon() {
        MemoryLog log = new MemoryLog(ONE);
        leader.leads(new MemoryLog(ONE).with(1, 2), 1);
        leader.errors.put(ONE, Errors.UNKNOWN_TOPIC_ID);
        follow(log, 1);
        answer(); // UNKNOWN_TOPIC_ID
        answer(); // the fetch that forgets it
        leader.errors.clear();

        time.advance(49L);
        settle();
        assertThat(leader.fetchUnderWay).isNull();
        time.advance(1L);
        settle();
        answer();

        assertThat(log.entries()).hasSize(2);
    }

    @Test
    void waitsLongerAndLongerForALeaderThatStaysIgnorantButNeverBeyondTheBackoff() {
        follow(new MemoryLog(ONE), 1);
        long asked = 0;
        for (long wait = 10L; wait < BACKOFF_MS; wait *= 2) {
            answer();
            answer();
            time.advance(wait - 1);
            settle();
            assertThat(leader.fetchUnderWay).as("after %d ms", wait - 1).isNull();
            time.advance(1);
            settle();
            assertThat(leader.fetchUnderWay).as("after %d ms", wait).isNotNull();
            asked++;
        }
        assertThat(asked).isEqualTo(7);
        answer();
        answer();
        time.advance(BACKOFF_MS);
        settle();
        assertThat(leader.fetchUnderWay).isNotNull();
    }

    @Test
    void doesNotLeaveAPartitionThatRestsToAPollForOthers() {
        leader.leads(new MemoryLog(ONE), 1).leads(new MemoryLog(TWO).with(1, 2), 1);
        leader.errors.put(TWO, Errors.UNKNOWN_TOPIC_ID);
        MemoryLog log = new MemoryLog(TWO);
        follow(new MemoryLog(ONE), 1);
        follow(log, 1);
        answer(); // nothing for ONE
        answer(); // UNKNOWN_TOPIC_ID
        assertThat(lastPlan().forgotten()).hasSize(1);
        assertThat(lastWait()).isEqualTo(50);
        leader.errors.clear();

        time.advance(50);
        answer(); // nothing for ONE, in its time
        answer();

        assertThat(log.entries()).hasSize(2);
        assertThat(lastWait()).isEqualTo(MAX_WAIT_MS);
    }

    private int lastWait() {
        return leader.waits.get(leader.waits.size() - 1);
    }

    @Test
    void waitsBrieflyWhileReadersLackTheHighWatermarkAndEverLongerWhereItStandsStill() {
        MemoryLog leading = new MemoryLog(ONE).with(1, 3).committedTo(2);
        leader.leads(leading, 1);
        MemoryLog log = new MemoryLog(ONE);
        log.readers = true;
        follow(log, 1);
        assertThat(lastWait()).isEqualTo(MAX_WAIT_MS);

        answer();
        assertThat(log.highWatermark()).isEqualTo(2);
        assertThat(lastWait()).isEqualTo(2);
        time.advance(6);
        answer();
        assertThat(lastWait()).isEqualTo(6);
        time.advance(1000);
        answer();
        assertThat(lastWait()).isEqualTo(MAX_WAIT_MS);

        leading.with(1, 1);
        answer();
        assertThat(lastWait()).isEqualTo(2);
        leading.with(1, 1).committedTo(5);
        answer();
        assertThat(lastWait()).isEqualTo(MAX_WAIT_MS);
    }

    @Test
    void waitsAsEverForAHighWatermarkThatNobodyReadsUpTo() {
        leader.leads(new MemoryLog(ONE).with(1, 3).committedTo(2), 1);
        follow(new MemoryLog(ONE), 1);
        answer();
        assertThat(lastWait()).isEqualTo(MAX_WAIT_MS);
    }

    @Test
    void waitsForTheBackoffAndStartsANewSessionWhenTheConnectionBreaks() {
        leader.leads(new MemoryLog(ONE).with(1, 2), 1);
        MemoryLog log = new MemoryLog(ONE);
        follow(log, 1);
        leader.fail(new DisconnectException("reset"));
        assertThat(leader.fetchUnderWay).isNull();

        time.advance(BACKOFF_MS);
        settle();

        assertThat(lastPlan().sessionEpoch()).isZero();
        answer();
        assertThat(log.entries()).hasSize(2);
    }

    @Test
    void fetchesACorruptBatchAgain() {
        leader.leads(new MemoryLog(ONE).with(1, 1), 1);
        MemoryLog log = new MemoryLog(ONE);
        leader.corruptNext = true;
        follow(log, 1);
        answer();
        assertThat(log.entries()).isEmpty();
        assertThat(parked).isEmpty();

        answer(); // forgets it for the backoff
        time.advance(BACKOFF_MS);
        settle();
        answer();

        assertThat(log.entries()).hasSize(1);
    }

    @Test
    void parksAPartitionWhoseDiskFailedAndGoesOnWithTheOthers() {
        leader.leads(new MemoryLog(ONE).with(1, 1), 1).leads(new MemoryLog(TWO).with(1, 1), 1);
        MemoryLog broken = new MemoryLog(ONE);
        MemoryLog sound = new MemoryLog(TWO);
        broken.failure = new KafkaStorageException("offline");
        follow(sound, 1);
        follow(broken, 1);
        answer();
        answer();

        assertThat(parked).extracting(FetchAssignment::topicPartition).containsExactly(ONE);
        assertThat(sound.entries()).hasSize(1);
    }

    @Test
    void fetchesAgainAfterTheBackoffWhatItsFullDiskHadNoRoomFor() {
        leader.leads(new MemoryLog(ONE).with(1, 3), 1);
        MemoryLog log = new MemoryLog(ONE);
        follow(log, 1);
        log.failure = new DiskFullException("no room");
        answer();
        assertThat(parked).isEmpty();
        assertThat(log.entries()).isEmpty();

        log.failure = null;
        answer(); // forgets it for the backoff
        time.advance(BACKOFF_MS);
        settle();
        answer();

        assertThat(log.entries()).hasSize(3);
    }

    @Test
    void letsGoOfAPartitionWhoseReplicaMovedOnBeforeTheOrderArrived() {
        leader.leads(new MemoryLog(ONE).with(1, 1), 1);
        MemoryLog log = new MemoryLog(ONE);
        follow(log, 1);
        log.inEpoch(2);

        answer();

        assertThat(log.entries()).isEmpty();
        assertThat(parked).isEmpty();
    }

    @Test
    void tellsTheLeaderWhenItsOwnLogStartMoved() {
        leader.leads(new MemoryLog(ONE).with(1, 3), 1);
        MemoryLog log = new MemoryLog(ONE);
        follow(log, 1);
        answer();
        answer();
        log.startingAt(2);
        time.advance(1000);

        answer();

        assertThat(lastPlan().partitions())
                .extracting(PartitionFetch::logStartOffset)
                .containsExactly(2L);
    }

    @Test
    void leavesThrottledPartitionsOutWhileTheRateIsUsedUp() {
        boolean[] exceeded = {false};
        quota = new ReplicationQuota() {
            @Override
            public boolean isThrottled(TopicPartition partition) {
                return partition.equals(ONE);
            }

            @Override
            public boolean isExceeded() {
                return exceeded[0];
            }

            @Override
            public void record(long bytes) {
                exceeded[0] = true;
            }
        };
        leader.leads(new MemoryLog(ONE).with(1, 9).committedTo(9), 1);
        leader.leads(new MemoryLog(TWO).with(1, 1).committedTo(1), 1);
        MemoryLog throttled = new MemoryLog(ONE);
        MemoryLog free = new MemoryLog(TWO);
        follow(free, 1);
        follow(throttled, 1);
        answer();
        answer();
        answer();
        int before = throttled.entries().size();
        answer();

        assertThat(before).isPositive().isLessThan(9);
        assertThat(throttled.entries()).hasSize(before);
        assertThat(free.entries()).hasSize(1);
        assertThat(lastWait())
                .as("what is throttled shortens no poll for others")
                .isEqualTo(MAX_WAIT_MS);

        exceeded[0] = false;
        answer();
        answer();
        assertThat(throttled.entries()).hasSizeGreaterThan(before);
    }

    @Test
    void closesItsConnectionWhenStopped() {
        follow(new MemoryLog(ONE), 1);
        loop.stop();
        settle();
        assertThat(leader.closed).isTrue();
    }
}
