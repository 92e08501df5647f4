// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.GroupState;
import io.barnabas.coordinator.group.OffsetCommit;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecord.GroupDeleted;
import io.barnabas.coordinator.group.record.GroupRecord.GroupStored;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetCommitted;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetDeleted;
import io.barnabas.coordinator.group.record.GroupSnapshot;
import io.barnabas.coordinator.runtime.Decision;
import io.barnabas.coordinator.runtime.RecordAppend;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Deciders change nothing; records do, and in the same way live and while loading. */
class GroupDecidersTest {
    private static final String GROUP = "g";
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition BILLS = new TopicPartition("bills", 1);
    private static final long PRODUCER = 7;

    private final Groups live = groups();

    private static Groups groups() {
        GroupContext context = new GroupContext(
                GroupConfig.DEFAULTS, new TimerQueue<>(), () -> Instant.ofEpochMilli(1), () -> new UUID(0, 1));
        return new Groups(context, new Rebalances(context));
    }

    private static CommittedOffset offset(long offset) {
        return new CommittedOffset(offset, CommittedOffset.NO_LEADER_EPOCH, "", 1, CommittedOffset.NO_EXPIRY);
    }

    @Test
    void aCommitIsRecordsAndAnAnswerAndLeavesTheGroupAsItIs() {
        Group group = live.getOrNew(GROUP);
        OffsetCommit commit = new OffsetCommit(GROUP, "", null, -1, Map.of(ORDERS, offset(5)));

        assertThat(OffsetDecider.check(group, commit)).isEqualTo(Errors.NONE);
        Decision<GroupRecord> decision = new OffsetDecider(GroupConfig.DEFAULTS).commit(commit, answer -> {});

        assertThat(decision.appends()).hasSize(1);
        assertThat(decision.appends().get(0).records()).containsExactly(new OffsetCommitted(GROUP, ORDERS, offset(5)));
        assertThat(group.offsets().isEmpty()).isTrue();
    }

    @Test
    void whatHasExpiredIsToldAndStillThere() {
        live.replay(new OffsetCommitted(GROUP, ORDERS, offset(5)), 0, RecordAppend.NO_PRODUCER_ID);
        Group group = live.get(GROUP);

        assertThat(new RemovalDecider(GroupConfig.DEFAULTS).expired(group, Long.MAX_VALUE / 2))
                .contains(new RemovalDecider.Removal(List.of(ORDERS), true, "they expired"));

        assertThat(group.offsets().get(ORDERS)).isEqualTo(offset(5));
        assertThat(group.is(GroupState.EMPTY)).isTrue();
    }

    @Test
    void recordsMakeTheSameGroupLiveAndWhileLoading() {
        GroupSnapshot snapshot = new GroupSnapshot("consumer", 3, null, null, 1, List.of());
        List<GroupRecord> records = List.of(
                new OffsetCommitted(GROUP, ORDERS, offset(1)),
                new GroupStored(GROUP, snapshot),
                new OffsetCommitted(GROUP, BILLS, offset(2)),
                new OffsetDeleted(GROUP, ORDERS),
                new OffsetCommitted(GROUP, BILLS, offset(3)));
        Groups loaded = groups();
        for (int i = 0; i < records.size(); i++) {
            live.prepare(records.get(i), RecordAppend.NO_PRODUCER_ID);
        }
        for (int i = 0; i < records.size(); i++) {
            live.replay(records.get(i), i, RecordAppend.NO_PRODUCER_ID);
            loaded.replay(records.get(i), i, RecordAppend.NO_PRODUCER_ID);
        }
        for (Groups groups : List.of(live, loaded)) {
            GroupRecord staged = new OffsetCommitted(GROUP, ORDERS, offset(9));
            if (groups == live) {
                groups.prepare(staged, PRODUCER);
            }
            groups.replay(staged, 9, PRODUCER);
            groups.replayEndTransaction(PRODUCER, true);

            Group group = groups.get(GROUP);
            assertThat(group.offsets().partitions()).containsExactlyInAnyOrder(ORDERS, BILLS);
            assertThat(group.offsets().get(ORDERS)).isEqualTo(offset(9));
            assertThat(group.offsets().get(BILLS)).isEqualTo(offset(3));
            assertThat(group.offsets().hasPending()).isFalse();
            assertThat(group.stored()).isEqualTo(snapshot);
            groups.replay(new GroupDeleted(GROUP), 10, RecordAppend.NO_PRODUCER_ID);
            assertThat(group.hasGeneration()).isFalse();
        }
    }
}
