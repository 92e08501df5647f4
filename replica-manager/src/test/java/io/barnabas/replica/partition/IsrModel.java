// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static io.barnabas.replica.partition.PartitionStateFixture.at;
import static io.barnabas.replica.partition.PartitionStateFixture.order;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.replica.log.LogOffsetMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * Three replicas, a controller and a network that loses and delays answers, with {@link PartitionState} as the leader's
 * mind. A former leader goes on as a zombie until it follows.
 */
final class IsrModel {
    private static final List<Integer> REPLICAS = List.of(1, 2, 3);

    private final int minIsr;
    private final PartitionStateFixture.Rules rules = new PartitionStateFixture.Rules();
    private final Map<Integer, List<Integer>> logs = new HashMap<>();
    private final Map<Integer, Leader> leaders = new HashMap<>();
    private final List<Integer> committed = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private LeaderAndIsr controller = LeaderAndIsr.initial(1, REPLICAS);
    private long nowMs;
    private int nextRecord;
    private String violation;

    /** A broker that believes it leads. */
    private static final class Leader {
        private final int id;
        private final PartitionState state;
        private long highWatermark;
        private IsrProposals.Proposal sent;
        private IsrState sentState;
        private IsrProposals.Answer answer;

        private Leader(int id, PartitionState state, long highWatermark) {
            this.id = id;
            this.state = state;
            this.highWatermark = highWatermark;
        }
    }

    IsrModel(int minIsr, boolean strict) {
        this.minIsr = minIsr;
        rules.strict = strict;
        REPLICAS.forEach(id -> logs.put(id, new ArrayList<>()));
        install(1, 0);
    }

    private void install(int id, long highWatermark) {
        PartitionState state = new PartitionState(PartitionStateFixture.PARTITION, id, rules);
        state.lead(
                order(id, controller.leaderEpoch(), controller.partitionEpoch(), controller.isr(), REPLICAS),
                logs.get(id).size(),
                nowMs);
        leaders.put(id, new Leader(id, state, highWatermark));
    }

    String violation() {
        return violation;
    }

    List<String> history() {
        return history;
    }

    long highWatermark() {
        return leaders.get(controller.leader()).highWatermark;
    }

    long leastEndOfIsr() {
        return controller.isr().stream()
                .mapToLong(id -> logs.get(id).size())
                .min()
                .orElse(0);
    }

    void step(int code) {
        int kind = code % 10;
        int who = 1 + code / 10 % 3;
        int more = code / 30;
        history.add(kind + ":" + who + ":" + more);
        Leader actor = leaders.get(who);
        switch (kind) {
            case 0, 1 -> append(actor);
            case 2, 3, 4 -> fetch(who, 1 + more % 3);
            case 5 -> nowMs += PartitionStateFixture.MAX_LAG_MS / 2 + 1;
            case 6 -> shrink(actor);
            case 7 -> decide(actor, more % 4 == 0);
            case 8 -> deliver(actor, more % 4 == 0);
            default -> elect(who);
        }
        if (actor != null && leaders.containsKey(who)) {
            advance(actor);
        }
        check();
    }

    private void append(Leader leader) {
        if (leader != null && !leader.state.isUnderMinIsr(minIsr)) {
            logs.get(leader.id).add(nextRecord++);
        }
    }

    private void fetch(int follower, int count) {
        Leader leader = leaders.get(controller.leader());
        if (follower == leader.id) {
            return;
        }
        leaders.remove(follower);
        List<Integer> theirs = logs.get(follower);
        List<Integer> ours = logs.get(leader.id);
        int common = 0;
        while (common < Math.min(theirs.size(), ours.size())
                && theirs.get(common).equals(ours.get(common))) {
            common++;
        }
        theirs.subList(common, theirs.size()).clear();
        FollowerState seen = leader.state.follower(follower);
        seen.fetched(at(common), 0, nowMs, ours.size(), -1L);
        propose(
                leader,
                leader.state.proposeExpansion(seen, Uuid.ZERO_UUID, leader.highWatermark, ours.size(), minIsr, nowMs));
        advance(leader);
        theirs.addAll(ours.subList(common, Math.min(ours.size(), common + count)));
    }

    private void shrink(Leader leader) {
        if (leader != null) {
            int end = logs.get(leader.id).size();
            propose(leader, leader.state.proposeShrinkage(Uuid.ZERO_UUID, end, nowMs));
        }
    }

    private static void propose(Leader leader, Optional<IsrProposals.Proposal> proposal) {
        if (proposal.isPresent()) {
            leader.sent = proposal.get();
            leader.sentState = leader.state.isrState();
            leader.answer = null;
        }
    }

    /** The controller decides on what a leader sent; the answer may be lost, and then it is asked again. */
    private void decide(Leader leader, boolean answerLost) {
        if (leader == null || leader.sent == null || leader.answer != null) {
            return;
        }
        LeaderAndIsr wanted = leader.sent.proposed();
        IsrProposals.Answer answer;
        if (wanted.leaderEpoch() < controller.leaderEpoch()) {
            answer = IsrProposals.Answer.refused(Errors.FENCED_LEADER_EPOCH);
        } else if (wanted.isr().equals(controller.isr()) && wanted.partitionEpoch() <= controller.partitionEpoch()) {
            answer = IsrProposals.Answer.committed(controller);
        } else if (wanted.partitionEpoch() < controller.partitionEpoch()) {
            answer = IsrProposals.Answer.refused(Errors.INVALID_UPDATE_VERSION);
        } else {
            controller = new LeaderAndIsr(
                    wanted.leader(),
                    wanted.leaderEpoch(),
                    wanted.isr(),
                    LeaderRecoveryState.RECOVERED,
                    controller.partitionEpoch() + 1);
            answer = IsrProposals.Answer.committed(controller);
        }
        leader.answer = answerLost ? IsrProposals.Answer.refused(Errors.NETWORK_EXCEPTION) : answer;
    }

    private static void deliver(Leader leader, boolean refuse) {
        if (leader == null || leader.sent == null) {
            return;
        }
        if (leader.answer == null) {
            if (refuse) {
                leader.answer = IsrProposals.Answer.refused(Errors.NETWORK_EXCEPTION);
            } else {
                return;
            }
        }
        PartitionState.Verdict verdict = leader.state.answered(leader.sentState, leader.answer);
        leader.answer = null;
        if (verdict == PartitionState.Verdict.RETRY) {
            leader.sent = leader.state.proposal(Uuid.ZERO_UUID);
        } else {
            leader.sent = null;
        }
    }

    private void elect(int id) {
        if (id == controller.leader() || !controller.isr().contains(id)) {
            return;
        }
        controller =
                controller.newLeaderAndIsr(id, controller.isr()).withPartitionEpoch(controller.partitionEpoch() + 1);
        install(id, 0);
    }

    /** What the leader lets consumers read and acks=all producers believe. */
    private void advance(Leader leader) {
        List<Integer> log = logs.get(leader.id);
        LogOffsetMetadata bound = leader.state.highWatermarkBound(at(log.size()), nowMs, minIsr);
        if (bound == null || bound.messageOffset() <= leader.highWatermark) {
            return;
        }
        leader.highWatermark = bound.messageOffset();
        for (int i = 0; i < leader.highWatermark; i++) {
            if (i == committed.size()) {
                committed.add(log.get(i));
            } else if (!committed.get(i).equals(log.get(i))) {
                violation = "two records were committed at offset " + i;
            }
        }
    }

    private void check() {
        for (int id : controller.isr()) {
            List<Integer> log = logs.get(id);
            if (log.size() < committed.size()
                    || !log.subList(0, committed.size()).equals(committed)) {
                violation = "replica " + id + " may be elected with " + log + " but committed is " + committed;
            }
        }
    }
}
