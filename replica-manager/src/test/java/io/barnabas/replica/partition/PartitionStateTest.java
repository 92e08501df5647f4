// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static io.barnabas.replica.partition.PartitionStateFixture.MAX_LAG_MS;
import static io.barnabas.replica.partition.PartitionStateFixture.PARTITION;
import static io.barnabas.replica.partition.PartitionStateFixture.at;
import static io.barnabas.replica.partition.PartitionStateFixture.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionStateTest {
    private static final List<Integer> REPLICAS = List.of(1, 2, 3);
    private static final int EPOCH = 5;
    private static final int VERSION = 10;

    private final PartitionStateFixture.Rules rules = new PartitionStateFixture.Rules();
    private final PartitionState state = new PartitionState(PARTITION, 1, rules);

    private void lead(List<Integer> isr, long logEnd) {
        state.lead(order(1, EPOCH, VERSION, isr, REPLICAS), logEnd, 0);
    }

    private void fetched(int follower, long offset, long nowMs, long leaderEnd) {
        state.follower(follower).fetched(at(offset), 0, nowMs, leaderEnd, 2_000L + follower);
    }

    private long bound(long logEnd, long nowMs) {
        return state.highWatermarkBound(at(logEnd), nowMs, 1).messageOffset();
    }

    private Optional<IsrProposals.Proposal> expand(int follower, long highWatermark, long end, int minIsr, long now) {
        return state.proposeExpansion(state.follower(follower), Uuid.ZERO_UUID, highWatermark, end, minIsr, now);
    }

    @Test
    void highWatermarkIsTheLeastEndOfTheInSyncReplicas() {
        lead(REPLICAS, 0);
        fetched(2, 7, 1, 10);
        fetched(3, 4, 1, 10);
        assertThat(bound(10, 1)).isEqualTo(4);
    }

    @Test
    void highWatermarkWaitsForAMemberNobodyHasHeardOf() {
        lead(REPLICAS, 0);
        fetched(2, 7, 1, 10);
        assertThat(bound(10, 1)).isEqualTo(-1);
    }

    @Test
    void highWatermarkPassesALaggingFollowerOutsideTheIsr() {
        lead(List.of(1, 2), 0);
        fetched(2, 9, MAX_LAG_MS + 1, 10);
        fetched(3, 4, MAX_LAG_MS + 1, 10);
        assertThat(bound(10, MAX_LAG_MS + 1)).isEqualTo(9);
    }

    @Test
    void highWatermarkWaitsForACaughtUpFollowerThatIsAboutToJoin() {
        lead(List.of(1, 2), 0);
        fetched(3, 8, 50_000, 8);
        fetched(2, 10, 50_001, 10);
        assertThat(bound(10, 50_001)).isEqualTo(8);
    }

    @Test
    void highWatermarkDoesNotWaitForADeadFollower() {
        lead(List.of(1, 2), 0);
        fetched(3, 8, 50_000, 8);
        fetched(2, 10, 50_001, 10);
        rules.dead.add(3);
        assertThat(bound(10, 50_001)).isEqualTo(10);
    }

    @Test
    void highWatermarkIsFrozenUnderMinIsr() {
        lead(List.of(1), 0);
        assertThat(state.highWatermarkBound(at(10), 1, 2)).isNull();
    }

    @Test
    void minIsrNeverAsksForMoreReplicasThanThereAre() {
        state.lead(order(1, EPOCH, VERSION, List.of(1), List.of(1)), 0, 0);
        assertThat(state.highWatermarkBound(at(10), 1, 2).messageOffset()).isEqualTo(10);
    }

    @Test
    void followerJoinsOnceItReachedTheHighWatermarkAndThisLeadershipsStart() {
        lead(List.of(1, 2), 6);
        fetched(3, 5, 1, 10);
        assertThat(expand(3, 5, 10, 1, 1)).isEmpty();
        fetched(3, 6, 2, 10);
        Optional<IsrProposals.Proposal> proposal = expand(3, 5, 10, 1, 2);
        assertThat(proposal).isPresent();
        assertThat(proposal.get().proposed())
                .isEqualTo(new LeaderAndIsr(1, EPOCH, REPLICAS, LeaderRecoveryState.RECOVERED, VERSION));
        assertThat(proposal.get().isrEpochs())
                .containsExactly(
                        new IsrProposals.MemberEpoch(1, 1_000),
                        new IsrProposals.MemberEpoch(2, -1),
                        new IsrProposals.MemberEpoch(3, 2_003));
    }

    @Test
    void followerBelowTheHighWatermarkDoesNotJoin() {
        lead(List.of(1, 2), 0);
        fetched(3, 4, 1, 10);
        assertThat(expand(3, 5, 10, 1, 1)).isEmpty();
    }

    @Test
    void deadFollowerDoesNotJoin() {
        lead(List.of(1, 2), 0);
        fetched(3, 10, 1, 10);
        rules.dead.add(3);
        assertThat(expand(3, 5, 10, 1, 1)).isEmpty();
    }

    @Test
    void joiningFollowerCountsForTheHighWatermarkButNotForMinIsr() {
        lead(List.of(1), 0);
        fetched(2, 5, 1, 5);
        assertThat(expand(2, 0, 5, 1, 1)).isPresent();
        assertThat(state.isrState().maximalIsr()).containsExactly(1, 2);
        assertThat(state.isrState().isr()).containsExactly(1);
        assertThat(bound(8, 100_000)).isEqualTo(5);
    }

    @Test
    void onlyOneProposalIsUnderWay() {
        lead(List.of(1), 0);
        fetched(2, 5, 1, 5);
        fetched(3, 5, 1, 5);
        assertThat(expand(2, 0, 5, 1, 1)).isPresent();
        assertThat(expand(3, 0, 5, 1, 1)).isEmpty();
        assertThat(state.proposeShrinkage(Uuid.ZERO_UUID, 5, 100_000)).isEmpty();
    }

    @Test
    void underMinIsrALaggingFollowerDoesNotFlapIntoTheIsr() {
        lead(List.of(1), 0);
        fetched(2, 3, 100_000, 10);
        assertThat(expand(2, 2, 10, 2, 100_000)).isEmpty();
        fetched(2, 10, 100_001, 10);
        assertThat(expand(2, 2, 10, 2, 100_001)).isPresent();
    }

    @Test
    void kafkasOwnRuleLetsALaggingFollowerInUnderMinIsr() {
        rules.strict = false;
        lead(List.of(1), 0);
        fetched(2, 3, 100_000, 10);
        assertThat(expand(2, 2, 10, 2, 100_000)).isPresent();
    }

    @Test
    void laggingFollowersLeaveAfterTheLagAllowed() {
        lead(REPLICAS, 0);
        fetched(2, 10, MAX_LAG_MS, 10);
        fetched(3, 4, MAX_LAG_MS, 10);
        assertThat(state.proposeShrinkage(Uuid.ZERO_UUID, 12, MAX_LAG_MS)).isEmpty();
        Optional<IsrProposals.Proposal> proposal = state.proposeShrinkage(Uuid.ZERO_UUID, 12, MAX_LAG_MS + 1);
        assertThat(proposal).isPresent();
        assertThat(proposal.get().proposed().isr()).containsExactly(1, 2);
    }

    @Test
    void followerThatHasItAllStaysHoweverLongItIsSilent() {
        lead(List.of(1, 2), 10);
        fetched(2, 10, 1, 10);
        assertThat(state.proposeShrinkage(Uuid.ZERO_UUID, 10, 1_000_000)).isEmpty();
    }

    @Test
    void followerThatKeepsPaceUnderSteadyWritesIsCaughtUp() {
        lead(List.of(1, 2), 0);
        fetched(2, 5, 40_000, 10);
        fetched(2, 10, 41_000, 15);
        assertThat(state.follower(2).lastCaughtUpMs()).isEqualTo(40_000);
    }

    @Test
    void leavingFollowerCountsForTheHighWatermarkUntilItIsCommitted() {
        lead(List.of(1, 2), 0);
        fetched(2, 4, 1, 10);
        assertThat(state.proposeShrinkage(Uuid.ZERO_UUID, 10, MAX_LAG_MS + 2)).isPresent();
        assertThat(bound(10, MAX_LAG_MS + 2)).isEqualTo(4);
        IsrState pending = state.isrState();
        assertThat(state.answered(pending, committed(List.of(1), VERSION + 1)))
                .isEqualTo(PartitionState.Verdict.COMMITTED);
        assertThat(bound(10, MAX_LAG_MS + 2)).isEqualTo(10);
        assertThat(state.partitionEpoch()).isEqualTo(VERSION + 1);
    }

    private static IsrProposals.Answer committed(List<Integer> isr, int version) {
        return IsrProposals.Answer.committed(new LeaderAndIsr(1, EPOCH, isr, LeaderRecoveryState.RECOVERED, version));
    }

    private IsrState pendingExpansion() {
        lead(List.of(1, 2), 0);
        fetched(3, 10, 1, 10);
        assertThat(expand(3, 5, 10, 1, 1)).isPresent();
        return state.isrState();
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"OPERATION_NOT_ATTEMPTED", "INELIGIBLE_REPLICA"})
    void refusalForSureGoesBackToTheCommittedSet(Errors error) {
        IsrState pending = pendingExpansion();
        assertThat(state.answered(pending, IsrProposals.Answer.refused(error)))
                .isEqualTo(PartitionState.Verdict.ROLLED_BACK);
        assertThat(state.isrState().maximalIsr()).containsExactly(1, 2);
        assertThat(state.isrState().isPending()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {
                "FENCED_LEADER_EPOCH",
                "INVALID_UPDATE_VERSION",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "UNKNOWN_TOPIC_ID",
                "INVALID_REQUEST",
                "NEW_LEADER_ELECTED"
            })
    void unclearOutcomeKeepsTheMaximalSetUntilNewsCome(Errors error) {
        IsrState pending = pendingExpansion();
        assertThat(state.answered(pending, IsrProposals.Answer.refused(error)))
                .isEqualTo(PartitionState.Verdict.AWAITING_NEWS);
        assertThat(state.isrState()).isSameAs(pending);
    }

    @Test
    void otherErrorsAreTriedAgain() {
        IsrState pending = pendingExpansion();
        assertThat(state.answered(pending, IsrProposals.Answer.refused(Errors.UNKNOWN_SERVER_ERROR)))
                .isEqualTo(PartitionState.Verdict.RETRY);
        assertThat(state.isrState()).isSameAs(pending);
    }

    @Test
    void answerToAnEarlierLeadershipIsIgnored() {
        IsrState pending = pendingExpansion();
        state.lead(order(1, EPOCH + 1, VERSION + 1, List.of(1, 2), REPLICAS), 12, 5);
        assertThat(state.answered(pending, committed(REPLICAS, VERSION + 1))).isEqualTo(PartitionState.Verdict.IGNORED);
        assertThat(state.isrState().isr()).containsExactly(1, 2);
    }

    @Test
    void answerOlderThanWhatIsKnownIsIgnored() {
        IsrState pending = pendingExpansion();
        assertThat(state.answered(pending, committed(REPLICAS, VERSION - 1))).isEqualTo(PartitionState.Verdict.IGNORED);
    }

    @Test
    void orderWithAnOlderPartitionEpochIsOutdated() {
        lead(REPLICAS, 0);
        assertThat(state.isOutdated(order(1, EPOCH, VERSION - 1, REPLICAS, REPLICAS)))
                .isTrue();
        assertThat(state.isOutdated(order(1, EPOCH, VERSION, REPLICAS, REPLICAS)))
                .isFalse();
    }

    @Test
    void sameLeaderEpochKeepsWhereTheLeadershipBeganAndWhatFollowersTold() {
        lead(REPLICAS, 3);
        fetched(2, 8, 1, 10);
        PartitionState.Led led = state.lead(order(1, EPOCH, VERSION + 1, List.of(1, 2), REPLICAS), 10, 2);
        assertThat(led).isEqualTo(new PartitionState.Led(false, false));
        assertThat(state.leaderEpochStartOffset()).isEqualTo(3);
        assertThat(state.follower(2).logEndOffset()).isEqualTo(at(8));
    }

    @Test
    void raisedEpochUnderTheSameLeaderBeginsAtTheLogsEndAndKeepsEnds() {
        lead(REPLICAS, 3);
        fetched(2, 8, 1, 10);
        PartitionState.Led led = state.lead(order(1, EPOCH + 1, VERSION + 1, REPLICAS, REPLICAS), 10, 2);
        assertThat(led).isEqualTo(new PartitionState.Led(false, true));
        assertThat(state.leaderEpochStartOffset()).isEqualTo(10);
        assertThat(state.follower(2).logEndOffset()).isEqualTo(at(8));
    }

    @Test
    void newLeaderKnowsNothingOfItsFollowers() {
        lead(REPLICAS, 3);
        fetched(2, 8, 1, 10);
        assertThat(state.follow(order(3, EPOCH + 1, VERSION + 1, REPLICAS, REPLICAS)))
                .isTrue();
        state.lead(order(1, EPOCH + 2, VERSION + 2, REPLICAS, REPLICAS), 9, 2);
        assertThat(state.follower(2).logEndOffset()).isEqualTo(at(-1));
    }

    @Test
    void lowWatermarkIsTheLeastStartOfTheLiveReplicas() {
        lead(REPLICAS, 0);
        state.follower(2).fetched(at(10), 4, 1, 10, -1);
        state.follower(3).fetched(at(10), 2, 1, 10, -1);
        assertThat(state.lowWatermark(6, id -> true)).isEqualTo(2);
        assertThat(state.lowWatermark(6, id -> id != 3)).isEqualTo(4);
    }
}
