// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordinator.group.CommittedOffset;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupOffsetsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final long PRODUCER = 7;

    private final GroupOffsets offsets = new GroupOffsets();

    private static CommittedOffset offset(long offset) {
        return new CommittedOffset(offset, CommittedOffset.NO_LEADER_EPOCH, "", 1, CommittedOffset.NO_EXPIRY);
    }

    @Test
    void aRefusedCommitOfATransactionDoesNotTakeALaterOneWithIt() {
        offsets.prepareStaged(PRODUCER, ORDERS, offset(1));
        offsets.prepareStaged(PRODUCER, ORDERS, offset(2));

        offsets.dropStaged(PRODUCER, ORDERS, offset(1));
        offsets.stage(PRODUCER, ORDERS, offset(2), 20);
        offsets.endTransaction(PRODUCER, true);

        assertThat(offsets.get(ORDERS)).isEqualTo(offset(2));
    }

    @Test
    void whatIsForgottenWhileItIsAppendedDoesNotComeBack() {
        offsets.prepareStaged(PRODUCER, ORDERS, offset(1));

        offsets.removeTransactional(ORDERS);
        offsets.stage(PRODUCER, ORDERS, offset(1), 20);
        offsets.endTransaction(PRODUCER, true);

        assertThat(offsets.get(ORDERS)).isNull();
        assertThat(offsets.isEmpty()).isTrue();
    }

    @Test
    void whatIsForgottenWhileItIsAppendedDoesNotComeBackAfterTheEndEither() {
        offsets.prepareStaged(PRODUCER, ORDERS, offset(1));

        offsets.removeTransactional(ORDERS);
        offsets.endTransaction(PRODUCER, true);
        offsets.stage(PRODUCER, ORDERS, offset(1), 20);

        assertThat(offsets.get(ORDERS)).isNull();
        assertThat(offsets.isEmpty()).isTrue();
    }

    @Test
    void anEndReportedBeforeTheCommitOfTheTransactionIsRemembered() {
        offsets.prepareStaged(PRODUCER, ORDERS, offset(1));

        offsets.endTransaction(PRODUCER, true);
        offsets.stage(PRODUCER, ORDERS, offset(1), 20);

        assertThat(offsets.get(ORDERS)).isEqualTo(offset(1));
    }

    @Test
    void amongCommitsTheOneFurtherDownTheLogWins() {
        offsets.stage(PRODUCER, ORDERS, offset(1), 20);
        offsets.commit(ORDERS, offset(2), 21);

        offsets.endTransaction(PRODUCER, true);

        assertThat(offsets.get(ORDERS)).isEqualTo(offset(2));
    }
}
