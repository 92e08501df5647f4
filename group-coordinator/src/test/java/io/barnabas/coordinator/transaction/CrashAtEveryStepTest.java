// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import static io.barnabas.coordinator.transaction.TransactionHarness.A;
import static io.barnabas.coordinator.transaction.TransactionHarness.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordinator.transaction.TransactionHarness.Crash;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The coordinator stops before each step of a transaction's life, a step being a record that enters the log or a
 * marker that a leader takes; the next coordinator finishes what was decided, and nothing that was not.
 */
class CrashAtEveryStepTest {
    /** Records: the producer id, two for partitions, the decision, the end. Markers: two. */
    private static final int STEPS = 7;

    private static final int DECIDED_AFTER = 4;

    private static final int FENCING_STEPS = 7;

    static Stream<Arguments> steps() {
        return IntStream.rangeClosed(0, STEPS)
                .boxed()
                .flatMap(step -> Stream.of(Arguments.of(step, true), Arguments.of(step, false)));
    }

    private static boolean run(TransactionHarness harness, boolean commit) {
        try {
            harness.init();
            harness.add(100, 0, A);
            harness.add(100, 0, B);
            harness.end(100, 0, commit);
            return true;
        } catch (Crash e) {
            return false;
        }
    }

    @Test
    void countsTheSteps() {
        TransactionHarness harness = new TransactionHarness();
        harness.crashAfter(STEPS);
        assertThat(run(harness, true)).isTrue();
        harness.crashAfter(STEPS - 1);
        TransactionHarness shorter = new TransactionHarness();
        shorter.crashAfter(STEPS - 1);
        assertThat(run(shorter, true)).isFalse();
    }

    @ParameterizedTest(name = "after {0} steps, commit {1}")
    @MethodSource("steps")
    void theNextCoordinatorFinishesWhatWasDecided(int steps, boolean commit) {
        TransactionHarness harness = new TransactionHarness();
        harness.crashAfter(steps);
        run(harness, commit);

        harness.nextCoordinator();

        if (steps >= DECIDED_AFTER) {
            assertThat(harness.state()).isEqualTo(commit ? "CompleteCommit" : "CompleteAbort");
            assertThat(harness.ends(A)).isEqualTo(Set.of(commit));
            assertThat(harness.ends(B)).isEqualTo(Set.of(commit));
            assertThat(harness.end(100, 0, commit)).isEqualTo(Errors.NONE);
        } else if (steps >= 2) {
            assertThat(harness.state()).isEqualTo("Ongoing");
            assertThat(harness.markers()).isEmpty();
            harness.advance(120_000);
            assertThat(harness.state()).isEqualTo("CompleteAbort");
            assertThat(harness.ends(A)).isEqualTo(Set.of(false));
            assertThat(harness.ends(B)).isEqualTo(steps == 2 ? Set.of() : Set.of(false));
        } else {
            assertThat(harness.markers()).isEmpty();
        }
        assertThat(harness.init().error()).isEqualTo(Errors.NONE);
    }

    @ParameterizedTest(name = "after {0} steps")
    @MethodSource("fencingSteps")
    void theNextCoordinatorFinishesFencing(int steps) {
        TransactionHarness harness = new TransactionHarness();
        harness.init();
        harness.add(100, 0, A);
        harness.add(100, 0, B);
        harness.crashAfter(steps);
        try {
            harness.init();
            harness.init();
        } catch (Crash e) {
            // as intended
        }

        harness.nextCoordinator();
        InitProducerId.Result result = harness.init();
        if (result.error() == Errors.CONCURRENT_TRANSACTIONS) {
            result = harness.init();
        }

        assertThat(result.error()).isEqualTo(Errors.NONE);
        assertThat(result.producerEpoch()).isGreaterThan((short) 1);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(harness.ends(A)).isEqualTo(Set.of(false));
        assertThat(harness.ends(B)).isEqualTo(Set.of(false));
    }

    static IntStream fencingSteps() {
        return IntStream.range(0, FENCING_STEPS);
    }

    @Test
    void aSecondCrashWhileFinishingDoesNoHarm() {
        TransactionHarness harness = new TransactionHarness();
        harness.crashAfter(DECIDED_AFTER);
        run(harness, true);
        for (int steps = 0; steps < 3; steps++) {
            try {
                harness.nextCoordinatorCrashingAfter(steps);
            } catch (Crash e) {
                // the next one begins anew
            }
        }
        harness.nextCoordinator();

        assertThat(harness.state()).isEqualTo("CompleteCommit");
        assertThat(harness.ends(A)).isEqualTo(Set.of(true));
        assertThat(harness.markers())
                .extracting(marker -> marker.coordinatorEpoch())
                .contains(2, 3, 4)
                .isSorted();
    }

    /**
     * Four transactions of one id, ended by a commit, by the next producer, by a time-out, and by a commit again.
     * Wherever the coordinator stops, every partition has in the end seen just the ends that were decided, in their
     * order; what was still open is aborted, and nothing that was decided is decided anew.
     */
    @ParameterizedTest(name = "after {0} steps")
    @MethodSource("lifeSteps")
    void everyPartitionSeesTheDecidedEndsInTheirOrder(int steps) {
        TransactionHarness harness = new TransactionHarness();
        harness.crashAfter(steps);
        live(harness);
        List<StoredTransaction> before = decisions(harness);

        harness.nextCoordinator();
        harness.advance(200_000);

        List<StoredTransaction> after = decisions(harness);
        assertThat(after).hasSizeBetween(before.size(), before.size() + 1);
        assertThat(after.subList(0, before.size())).isEqualTo(before);
        assertThat(after.subList(before.size(), after.size()))
                .allMatch(extra -> extra.state() == TransactionState.PREPARE_ABORT);
        for (TopicPartition partition : List.of(A, B)) {
            List<Boolean> decided = after.stream()
                    .filter(each -> each.partitions().contains(partition))
                    .map(each -> each.state() == TransactionState.PREPARE_COMMIT)
                    .toList();
            assertThat(withoutRepetitions(harness.endsInOrder(partition)))
                    .as("ends of %s", partition)
                    .isEqualTo(withoutRepetitions(decided));
        }
        assertThat(harness.init().error()).isEqualTo(Errors.NONE);
    }

    static IntStream lifeSteps() {
        int steps = 0;
        for (boolean alive = false; !alive; steps++) {
            TransactionHarness harness = new TransactionHarness();
            harness.crashAfter(steps);
            alive = live(harness);
        }
        assertThat(steps).as("steps of a life").isGreaterThan(20);
        return IntStream.range(0, steps);
    }

    private static boolean live(TransactionHarness harness) {
        try {
            int epoch = harness.init().producerEpoch();
            harness.add(100, epoch, A);
            harness.add(100, epoch, B);
            harness.end(100, epoch, true);
            harness.add(100, epoch, A);
            harness.init();
            epoch = harness.init().producerEpoch();
            harness.add(100, epoch, B);
            harness.advance(120_000);
            epoch = harness.init().producerEpoch();
            harness.add(100, epoch, A, B);
            harness.end(100, epoch, true);
            return true;
        } catch (Crash e) {
            return false;
        }
    }

    private static List<StoredTransaction> decisions(TransactionHarness harness) {
        return harness.log().stream()
                .map(each -> TransactionRecordCodec.readValue(each.value()))
                .filter(each -> each.state() == TransactionState.PREPARE_COMMIT
                        || each.state() == TransactionState.PREPARE_ABORT)
                .toList();
    }

    /** A marker may be written twice; two ends of the same kind in a row look like one. */
    private static List<Boolean> withoutRepetitions(List<Boolean> ends) {
        List<Boolean> kept = new ArrayList<>();
        for (Boolean end : ends) {
            if (kept.isEmpty() || !kept.get(kept.size() - 1).equals(end)) {
                kept.add(end);
            }
        }
        return kept;
    }
}
