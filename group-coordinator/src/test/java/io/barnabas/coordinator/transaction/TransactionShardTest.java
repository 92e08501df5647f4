// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import static io.barnabas.coordinator.transaction.TransactionHarness.A;
import static io.barnabas.coordinator.transaction.TransactionHarness.B;
import static io.barnabas.coordinator.transaction.TransactionHarness.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordinator.transaction.TransactionHarness.Answer;
import io.barnabas.coordinator.transaction.TransactionHarness.Fate;
import io.barnabas.coordinator.transaction.TransactionListing.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of one transactional id, decision by decision. */
class TransactionShardTest {
    private static final Filter ALL = new Filter(Set.of(), Set.of(), -1L);

    private final TransactionHarness harness = new TransactionHarness();

    private static InitProducerId.Result granted(long producerId, int epoch) {
        return new InitProducerId.Result(Errors.NONE, producerId, (short) epoch);
    }

    private static InitProducerId.Result refused(Errors error) {
        return InitProducerId.Result.failed(error);
    }

    private void begin() {
        assertThat(harness.init()).isEqualTo(granted(100, 0));
        assertThat(harness.add(100, 0, A)).isEqualTo(Errors.NONE);
        assertThat(harness.add(100, 0, A, B)).isEqualTo(Errors.NONE);
    }

    // --- InitProducerId

    @Test
    void aNewIdGetsAProducerIdAtEpochZero() {
        assertThat(harness.init()).isEqualTo(granted(100, 0));
        assertThat(harness.state()).isEqualTo("Empty");
    }

    @Test
    void anotherProducerGetsTheNextEpochAndTheFormerIsFenced() {
        harness.init();
        assertThat(harness.init()).isEqualTo(granted(100, 1));
        assertThat(harness.add(100, 0, A)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(harness.add(99, 1, A)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void anOpenTransactionIsAbortedBeforeAnotherProducerMayGoOn() {
        begin();
        harness.holdMarkerAnswers();

        assertThat(harness.init()).isEqualTo(refused(Errors.CONCURRENT_TRANSACTIONS));
        assertThat(harness.state()).isEqualTo("PrepareAbort");
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(harness.init()).isEqualTo(refused(Errors.CONCURRENT_TRANSACTIONS));

        harness.releaseMarkerAnswers();
        assertThat(harness.state()).isEqualTo("CompleteAbort");
        assertThat(harness.markers()).allMatch(marker -> !marker.commit() && marker.producerEpoch() == 1);
        assertThat(harness.init()).isEqualTo(granted(100, 2));
    }

    @Test
    void aProducerThatGoesOnAfterAnErrorKeepsItsIdAndMayAskTwice() {
        harness.init();
        assertThat(harness.initAgain(100, 0)).isEqualTo(granted(100, 1));
        assertThat(harness.initAgain(100, 0)).isEqualTo(granted(100, 1));
        assertThat(harness.initAgain(100, 1)).isEqualTo(granted(100, 2));
        assertThat(harness.initAgain(100, 0)).isEqualTo(refused(Errors.PRODUCER_FENCED));
        assertThat(harness.initAgain(7, 2)).isEqualTo(refused(Errors.PRODUCER_FENCED));
    }

    @Test
    void aProducerThatWasReplacedCannotGoOn() {
        harness.init();
        harness.init();
        assertThat(harness.initAgain(100, 0)).isEqualTo(refused(Errors.PRODUCER_FENCED));
    }

    @Test
    void aProducerWhoseIdWasForgottenGoesOnWithAnother() {
        assertThat(harness.initAgain(55, 3)).isEqualTo(granted(100, 0));
    }

    @Test
    void exhaustedEpochsLeadToAnotherProducerId() {
        harness.init();
        for (int epoch = 0; epoch < Short.MAX_VALUE - 1; epoch++) {
            assertThat(harness.initAgain(100, epoch)).isEqualTo(granted(100, epoch + 1));
        }
        int last = Short.MAX_VALUE - 1;
        assertThat(harness.initAgain(100, last - 1)).isEqualTo(granted(100, last));
        assertThat(harness.initAgain(100, last)).isEqualTo(granted(101, 0));
        // its answer was lost
        assertThat(harness.initAgain(100, last)).isEqualTo(granted(101, 0));
        assertThat(harness.initAgain(100, last - 1)).isEqualTo(refused(Errors.PRODUCER_FENCED));
    }

    @Test
    void theLastEpochIsKeptToFenceWith() {
        harness.init();
        for (int epoch = 0; epoch < Short.MAX_VALUE - 1; epoch++) {
            harness.init();
        }
        assertThat(harness.add(100, Short.MAX_VALUE - 1, A)).isEqualTo(Errors.NONE);
        assertThat(harness.init()).isEqualTo(refused(Errors.CONCURRENT_TRANSACTIONS));
        assertThat(harness.describe().producerEpoch()).isEqualTo(Short.MAX_VALUE);
        assertThat(harness.init()).isEqualTo(granted(101, 0));
    }

    @Test
    void withoutProducerIdsAtHandTheProducerTriesAgain() {
        harness.noProducerIds();
        assertThat(harness.init()).isEqualTo(refused(Errors.COORDINATOR_LOAD_IN_PROGRESS));
        assertThat(harness.describe().error()).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);
    }

    @Test
    void nothingElseMayChangeWhileARecordIsOnItsWay() {
        harness.fate(Fate.WAITING);
        Answer<InitProducerId.Result> first = harness.initLater(60_000, Optional.empty());
        assertThat(harness.init()).isEqualTo(refused(Errors.CONCURRENT_TRANSACTIONS));
        assertThat(first.isThere()).isFalse();
        harness.commitWaiting(Errors.NONE);
        assertThat(first.get()).isEqualTo(granted(100, 0));

        Answer<Errors> added = harness.addLater(100, 0, A);
        assertThat(harness.add(100, 0, B)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        harness.commitWaiting(Errors.NONE);
        assertThat(added.get()).isEqualTo(Errors.NONE);
    }

    // --- partitions

    @Test
    void anUnknownIdHasNoTransactions() {
        assertThat(harness.add(1, 0, A)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(harness.end(1, 0, true)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(harness.verify(1, 0, A)).containsEntry(A, Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(harness.describe().error()).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);
    }

    @Test
    void knownPartitionsAreNotWrittenAgain() {
        begin();
        int records = harness.log().size();
        assertThat(harness.add(100, 0, B)).isEqualTo(Errors.NONE);
        assertThat(harness.log()).hasSize(records);
    }

    @Test
    void verifiesWhoTakesPart() {
        harness.init();
        assertThat(harness.verify(100, 0, A)).containsEntry(A, Errors.TRANSACTION_ABORTABLE);
        harness.add(100, 0, A);
        assertThat(harness.verify(100, 0, A, B))
                .containsEntry(A, Errors.NONE)
                .containsEntry(B, Errors.TRANSACTION_ABORTABLE);
        assertThat(harness.verify(100, 1, A)).containsEntry(A, Errors.PRODUCER_FENCED);
        assertThat(harness.verify(101, 0, A)).containsEntry(A, Errors.INVALID_PRODUCER_ID_MAPPING);

        harness.holdMarkerAnswers();
        harness.end(100, 0, true);
        assertThat(harness.verify(100, 0, A)).containsEntry(A, Errors.CONCURRENT_TRANSACTIONS);
    }

    // --- the end

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsOnEveryPartitionAndTellsTheSameAgain(boolean commit) {
        begin();
        assertThat(harness.end(100, 0, commit)).isEqualTo(Errors.NONE);

        assertThat(harness.state()).isEqualTo(commit ? "CompleteCommit" : "CompleteAbort");
        assertThat(harness.ends(A)).containsExactly(commit);
        assertThat(harness.ends(B)).containsExactly(commit);
        assertThat(harness.describe().partitions()).isEmpty();
        assertThat(harness.end(100, 0, commit)).isEqualTo(Errors.NONE);
        assertThat(harness.end(100, 0, !commit)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(harness.add(100, 0, B)).isEqualTo(Errors.NONE);
        assertThat(harness.state()).isEqualTo("Ongoing");
    }

    @Test
    void withoutATransactionThereIsNothingToEnd() {
        harness.init();
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(harness.end(100, 0, false)).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void theProducerIsAnsweredBeforeTheMarkersAreWritten() {
        begin();
        harness.holdMarkerAnswers();
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.NONE);
        assertThat(harness.state()).isEqualTo("PrepareCommit");
        assertThat(harness.describe().partitions()).containsExactlyInAnyOrder(A, B);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        Answer<Errors> patient = harness.addLater(100, 0, A);
        harness.advance(EndWaiters.LONGEST_WAIT_MS);
        assertThat(patient.get()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    }

    @Test
    void theNextTransactionWaitsForTheLittleThatIsLeftOfTheLast() {
        begin();
        harness.holdMarkerAnswers();
        harness.end(100, 0, true);
        Answer<Errors> next = harness.addLater(100, 0, A);
        assertThat(next.isThere()).isFalse();
        harness.advance(EndWaiters.LONGEST_WAIT_MS / 2);
        harness.releaseMarkerAnswers();
        assertThat(next.get()).isEqualTo(Errors.NONE);
        assertThat(harness.state()).isEqualTo("Ongoing");
        harness.advance(EndWaiters.LONGEST_WAIT_MS);
        assertThat(harness.describe().partitions()).containsExactly(A);
    }

    @Test
    void whoWaitsIsToldWhenTheCoordinatorMoves() {
        begin();
        harness.holdMarkerAnswers();
        harness.end(100, 0, true);
        Answer<Errors> next = harness.addLater(100, 0, A);
        harness.unload();
        assertThat(next.get()).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void notMoreThanAFewMayWait() {
        begin();
        harness.holdMarkerAnswers();
        harness.end(100, 0, true);
        List<Answer<Errors>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(harness.addLater(100, 0, A));
        }
        assertThat(waiting).noneMatch(Answer::isThere);
        assertThat(harness.add(100, 0, A)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(harness.add(100, 1, A)).isEqualTo(Errors.PRODUCER_FENCED);
        harness.releaseMarkerAnswers();
        assertThat(harness.state()).isEqualTo("Ongoing");
        // One after the other: the first one's record is under way when the others are looked at.
        assertThat(waiting.get(0).get()).isEqualTo(Errors.NONE);
        assertThat(waiting.subList(1, 5))
                .allSatisfy(answer -> assertThat(answer.get()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS));
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {
                "NOT_LEADER_OR_FOLLOWER",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "NOT_ENOUGH_REPLICAS",
                "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
                "REQUEST_TIMED_OUT",
                "KAFKA_STORAGE_ERROR",
                "NETWORK_EXCEPTION",
                "LEADER_NOT_AVAILABLE",
                "TRANSACTION_COORDINATOR_FENCED",
                "UNKNOWN_SERVER_ERROR"
            })
    void aMarkerThatIsNotTakenIsSentAgainToThatPartitionOnly(Errors error) {
        begin();
        harness.leaderAnswers(B, error);
        harness.end(100, 0, true);
        assertThat(harness.describe().partitions()).containsExactly(B);

        harness.advance(20_000);
        assertThat(harness.state()).isEqualTo("PrepareCommit");
        harness.leaderAnswers(B, Errors.NONE);
        harness.advance(Completions.LONGEST_BACKOFF_MS);

        assertThat(harness.state()).isEqualTo("CompleteCommit");
        assertThat(harness.markers()).first().satisfies(marker -> assertThat(marker.partitions())
                .hasSize(2));
        assertThat(harness.markers().subList(1, harness.markers().size()))
                .isNotEmpty()
                .allMatch(marker -> marker.partitions().equals(Set.of(B)));
        assertThat(harness.markers()).hasSizeLessThan(60);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"UNSUPPORTED_FOR_MESSAGE_FORMAT", "UNSUPPORTED_VERSION", "INVALID_PRODUCER_EPOCH"})
    void aPartitionThatNeedsNoMarkerIsLeftOut(Errors error) {
        begin();
        harness.leaderAnswers(B, error);
        harness.end(100, 0, false);
        assertThat(harness.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void aDeletedPartitionIsLeftOutOnceTheClusterSurelyForgotIt() {
        begin();
        harness.leaderAnswers(B, TransactionMarkers.UNKNOWN_IN_CLUSTER);
        harness.end(100, 0, true);
        harness.advance(Completions.DELETED_AFTER_MS / 2);
        assertThat(harness.state()).isEqualTo("PrepareCommit");
        harness.advance(2 * Completions.DELETED_AFTER_MS);
        assertThat(harness.state()).isEqualTo("CompleteCommit");
    }

    // --- records that are not written, or late

    @Test
    void aFailedRecordChangesNothing() {
        begin();
        harness.fate(Fate.FAILED);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(harness.add(100, 0, new TopicPartition("c", 0))).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(harness.state()).isEqualTo("Ongoing");
        harness.fate(Fate.COMMITTED);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.NONE);
    }

    @Test
    void aLateRecordCountsThoughItsCallerGaveUp() {
        begin();
        harness.fate(Fate.WAITING);
        Answer<Errors> ended = harness.endLater(100, 0, true);
        harness.overdue();
        assertThat(ended.get()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        harness.fate(Fate.COMMITTED);
        harness.commitWaiting(Errors.NONE);
        assertThat(harness.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void aRecordOnTooFewReplicasCountsThoughTheCallerIsToTryAgain() {
        begin();
        harness.fate(Fate.WAITING);
        Answer<Errors> ended = harness.endLater(100, 0, true);
        harness.fate(Fate.COMMITTED);
        harness.commitWaiting(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        assertThat(ended.get()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.NONE);
    }

    @Test
    void aFenceThatWasNotWrittenIsTriedAgainUnderTheSameEpoch() {
        begin();
        harness.fate(Fate.FAILED);
        assertThat(harness.init()).isEqualTo(refused(Errors.COORDINATOR_NOT_AVAILABLE));
        assertThat(harness.init()).isEqualTo(refused(Errors.COORDINATOR_NOT_AVAILABLE));
        assertThat(harness.describe().producerEpoch()).isEqualTo((short) 1);
        harness.fate(Fate.COMMITTED);
        assertThat(harness.init()).isEqualTo(refused(Errors.CONCURRENT_TRANSACTIONS));
        assertThat(harness.init()).isEqualTo(granted(100, 2));
    }

    @Test
    void theLastRecordIsWrittenUntilItHolds() {
        begin();
        harness.holdMarkerAnswers();
        harness.end(100, 0, true);
        harness.fate(Fate.FAILED);
        harness.releaseMarkerAnswers();
        harness.advance(5_000);
        assertThat(harness.state()).isEqualTo("PrepareCommit");
        harness.fate(Fate.COMMITTED);
        harness.advance(Completions.LONGEST_BACKOFF_MS);
        assertThat(harness.state()).isEqualTo("CompleteCommit");
        assertThat(harness.markers()).hasSize(1);
    }

    // --- time

    @Test
    void aTransactionThatTakesTooLongIsAbortedAndItsProducerFenced() {
        begin();
        harness.advance(59_000);
        assertThat(harness.state()).isEqualTo("Ongoing");
        harness.advance(11_001);
        assertThat(harness.state()).isEqualTo("CompleteAbort");
        assertThat(harness.ends(A)).containsExactly(false);
        assertThat(harness.end(100, 0, true)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(harness.initAgain(100, 0)).isEqualTo(refused(Errors.PRODUCER_FENCED));
    }

    @Test
    void anIdNobodyUsesIsForgotten() {
        begin();
        harness.end(100, 0, true);
        harness.advance(TransactionConfig.DEFAULTS.idExpirationMs() - 3_600_000);
        assertThat(harness.state()).isEqualTo("CompleteCommit");
        harness.advance(2 * 3_600_000);
        assertThat(harness.describe().error()).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);
        assertThat(harness.log().get(harness.log().size() - 1).value()).isNull();
        harness.nextCoordinator();
        assertThat(harness.describe().error()).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);
        assertThat(harness.init()).isEqualTo(granted(101, 0));
    }

    @Test
    void anIdIsNotForgottenWhileItsTombstoneIsNotWritten() {
        harness.init();
        harness.fate(Fate.FAILED);
        harness.advance(TransactionConfig.DEFAULTS.idExpirationMs() + 3_600_000);
        assertThat(harness.init()).isEqualTo(refused(Errors.COORDINATOR_NOT_AVAILABLE));
        assertThat(harness.state()).isEqualTo("Empty");
    }

    // --- views

    @Test
    void listsByProducerStateAndDuration() {
        begin();
        assertThat(harness.list(ALL)).containsExactly(new TransactionListing.ListedTransaction(ID, 100, "Ongoing"));
        assertThat(harness.list(new Filter(Set.of(100L), Set.of("Ongoing"), 0L)))
                .isEmpty();
        harness.advance(10);
        assertThat(harness.list(new Filter(Set.of(100L), Set.of("Ongoing"), 9L)))
                .hasSize(1);
        assertThat(harness.list(new Filter(Set.of(100L), Set.of(), 10L))).isEmpty();
        assertThat(harness.list(new Filter(Set.of(7L), Set.of(), -1L))).isEmpty();
        assertThat(harness.list(new Filter(Set.of(), Set.of("Empty", "Nonsense"), -1L)))
                .isEmpty();
    }

    @Test
    void describesAnOpenTransaction() {
        begin();
        assertThat(harness.describe())
                .isEqualTo(new TransactionDescription(
                        Errors.NONE, ID, "Ongoing", 100, (short) 0, 60_000, 1_000_000, Set.of(A, B)));
    }
}
