// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordination.event.EventLine;
import io.barnabas.coordinator.runtime.Decision;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Deciders change nothing; records do. */
class TransactionDecidersTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final EndDecider ends = new EndDecider();
    private final TransactionMetadata id = new TransactionMetadata(
            "tx",
            new StoredTransaction(
                    7, -1, (short) 2, (short) -1, 60_000, TransactionState.ONGOING, Set.of(ORDERS), 1_000, 1_000));

    private static StoredTransaction record(Decision<TransactionRecord> decision) {
        assertThat(decision.appends()).hasSize(1);
        return decision.appends().get(0).records().get(0).stored();
    }

    @Test
    void anEndIsARecordAndLeavesTheIdAsItIs() {
        StoredTransaction next = record(ends.end(id, 7, (short) 2, true, error -> {}, 2_000));

        assertThat(next.state()).isEqualTo(TransactionState.PREPARE_COMMIT);
        assertThat(id.state()).isEqualTo(TransactionState.ONGOING);
        assertThat(id.isChanging()).isFalse();
        id.prepare(next);
        assertThat(id.state()).isEqualTo(TransactionState.ONGOING);
        assertThat(id.isChanging()).isTrue();
        id.replay(next);
        assertThat(id.state()).isEqualTo(TransactionState.PREPARE_COMMIT);
        assertThat(id.partitions()).containsExactly(ORDERS);
    }

    @Test
    void aFencingRaisesTheEpochAtOnceAndOnlyOnce() {
        Decision<TransactionRecord> first = ends.fence(id, "a test", error -> {}, 2_000);
        assertThat(first.events()).extracting(EventLine::name).containsExactly("transaction-aborted");
        assertThat(id.producerEpoch()).isEqualTo((short) 2);

        id.prepare(record(first));
        assertThat(id.producerEpoch()).isEqualTo((short) 3);
        assertThat(id.checkProducer(7, (short) 2)).isEqualTo(Errors.PRODUCER_FENCED);
        id.drop();
        assertThat(id.producerEpoch()).isEqualTo((short) 3);

        assertThat(record(ends.fence(id, "a test", error -> {}, 3_000)).producerEpoch())
                .isEqualTo((short) 3);
    }

    @Test
    void oneRecordIsUnderWayAtATime() {
        StoredTransaction next = record(ends.end(id, 7, (short) 2, true, error -> {}, 2_000));
        id.prepare(next);

        assertThatThrownBy(() -> id.prepare(next)).isInstanceOf(IllegalStateException.class);
        assertThat(ends.end(id, 7, (short) 2, true, error -> {}, 2_000).appends())
                .isEmpty();
    }

    @Test
    void expiryIsDecidedForEachIdAndChangesNone() {
        ExpiryDecider expiries = new ExpiryDecider(TransactionConfig.DEFAULTS, ends);

        assertThat(record(expiries.abortTimedOut(List.of(id), 100_000)).state())
                .isEqualTo(TransactionState.PREPARE_ABORT);
        assertThat(expiries.abortTimedOut(List.of(id), 60_000).appends()).isEmpty();
        assertThat(id.isChanging()).isFalse();
    }
}
