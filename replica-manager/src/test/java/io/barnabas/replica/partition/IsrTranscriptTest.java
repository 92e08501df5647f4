// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static io.barnabas.replica.partition.PartitionStateFixture.at;
import static io.barnabas.replica.partition.PartitionStateFixture.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.replica.log.LogOffsetMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * Plays {@code isr-scenario.txt} and writes it anew: after each command (lines without indent) what the leader decided
 * and believes. A change of behaviour shows as a difference one can read.
 */
class IsrTranscriptTest {
    private static final List<Integer> REPLICAS = List.of(1, 2, 3);

    private final PartitionStateFixture.Rules rules = new PartitionStateFixture.Rules();
    private final PartitionState state = new PartitionState(PartitionStateFixture.PARTITION, 1, rules);
    private final StringBuilder transcript = new StringBuilder();
    private long nowMs;
    private long logEnd;
    private long highWatermark;
    private int minIsr = 1;

    @Test
    void scenarioGoesAsWritten() throws IOException {
        String written = read();
        written.lines().forEach(line -> {
            if (line.startsWith("#") || line.isBlank()) {
                transcript.append(line).append('\n');
            } else if (!line.startsWith(" ")) {
                transcript.append(line).append('\n');
                play(line.split(" "));
            }
        });
        assertThat(transcript.toString()).isEqualTo(written);
    }

    private static String read() throws IOException {
        try (InputStream in = IsrTranscriptTest.class.getResourceAsStream("isr-scenario.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void play(String[] words) {
        switch (words[0]) {
            case "lead" ->
                state.lead(
                        order(1, Integer.parseInt(words[1]), Integer.parseInt(words[2]), ids(words[3]), REPLICAS),
                        logEnd,
                        nowMs);
            case "min-isr" -> minIsr = Integer.parseInt(words[1]);
            case "append" -> logEnd += Long.parseLong(words[1]);
            case "fetch" -> fetch(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            case "pass" -> nowMs += Long.parseLong(words[1]);
            case "shrink" -> note(state.proposeShrinkage(Uuid.ZERO_UUID, logEnd, nowMs));
            case "commit" ->
                answer(IsrProposals.Answer.committed(new LeaderAndIsr(
                        1,
                        state.leaderEpoch(),
                        state.isrState().proposedIsr(),
                        LeaderRecoveryState.RECOVERED,
                        state.partitionEpoch() + 1)));
            case "refuse" -> answer(IsrProposals.Answer.refused(Errors.valueOf(words[1])));
            default -> throw new IllegalArgumentException(words[0]);
        }
        advance();
        IsrState isr = state.isrState();
        say("isr=" + isr.isr() + (isr.isPending() ? " maximal=" + isr.maximalIsr() : "") + " end=" + logEnd + " hw="
                + highWatermark + " version=" + state.partitionEpoch());
    }

    private void fetch(int follower, long offset) {
        FollowerState seen = state.follower(follower);
        seen.fetched(at(offset), 0, nowMs, logEnd, -1);
        note(state.proposeExpansion(seen, Uuid.ZERO_UUID, highWatermark, logEnd, minIsr, nowMs));
    }

    private void answer(IsrProposals.Answer answer) {
        say(state.answered(state.isrState(), answer).toString());
    }

    private void note(Optional<IsrProposals.Proposal> proposal) {
        proposal.ifPresent(p -> say("propose " + p.proposed().isr()));
    }

    private void advance() {
        LogOffsetMetadata bound = state.highWatermarkBound(at(logEnd), nowMs, minIsr);
        if (bound == null) {
            say("high watermark frozen");
        } else {
            highWatermark = Math.max(highWatermark, bound.messageOffset());
        }
    }

    private void say(String line) {
        transcript.append("  ").append(line).append('\n');
    }

    private static List<Integer> ids(String list) {
        return Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
    }
}
