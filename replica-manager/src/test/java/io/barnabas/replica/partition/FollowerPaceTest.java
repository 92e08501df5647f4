// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import io.barnabas.replica.log.FetchIsolation;
import io.barnabas.replica.log.FileSlice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerPaceTest {
    private static final FetchCommand OF_FOLLOWER = fetchOf(2);
    private static final FetchCommand OF_OTHER_FOLLOWER = fetchOf(3);
    private static final FetchCommand OF_CONSUMER = fetchOf(FetchCommand.CONSUMER);

    @TempDir
    Path directory;

    private long nowNanos = 1;
    private final FollowerPace pace = new FollowerPace(() -> nowNanos);

    @Test
    void whoWasSentMuchWaitsWhileMoreKeepsComing() throws IOException {
        pace.answered(OF_FOLLOWER, sent(FollowerPace.MUCH_BYTES));
        FollowerPace.Hold hold = pace.hold(OF_FOLLOWER);

        assertThat(hold.isPlenty(1)).isFalse();
        assertThat(hold.look(1)).isEqualTo(FollowerPace.QUIET_NANOS);
        nowNanos += FollowerPace.QUIET_NANOS;
        assertThat(hold.look(2)).isEqualTo(FollowerPace.QUIET_NANOS);
        nowNanos += FollowerPace.QUIET_NANOS;
        assertThat(hold.look(2)).as("nothing came since").isZero();
        assertThat(pace.hold(OF_OTHER_FOLLOWER).isPlenty(1)).isTrue();
    }

    @Test
    void plentyEndsTheWait() throws IOException {
        pace.answered(OF_FOLLOWER, sent(FollowerPace.MUCH_BYTES));
        FollowerPace.Hold hold = pace.hold(OF_FOLLOWER);

        assertThat(hold.isPlenty(FollowerPace.PLENTY_BYTES - 1)).isFalse();
        assertThat(hold.isPlenty(FollowerPace.PLENTY_BYTES)).isTrue();
        assertThat(hold.look(FollowerPace.PLENTY_BYTES)).isZero();
    }

    @Test
    void whatAPartitionMayBeAskedForIsPlenty() throws IOException {
        FetchCommand small = fetchOf(2, 50_000);
        pace.answered(small, sent(FollowerPace.MUCH_BYTES));
        FollowerPace.Hold hold = pace.hold(small);

        assertThat(hold.isPlenty(49_999)).isFalse();
        assertThat(hold.isPlenty(50_000)).isTrue();
    }

    @Test
    void theIntervalEndsTheWait() throws IOException {
        pace.answered(OF_FOLLOWER, sent(FollowerPace.MUCH_BYTES));
        FollowerPace.Hold hold = pace.hold(OF_FOLLOWER);

        nowNanos += FollowerPace.INTERVAL_NANOS - 1;
        assertThat(hold.look(1)).isEqualTo(1);
        nowNanos += 1;
        assertThat(hold.look(2)).isZero();
        assertThat(pace.hold(OF_FOLLOWER).isPlenty(1)).isTrue();
    }

    @Test
    void whoWasSentLittleIsAnsweredAtOnce() throws IOException {
        pace.answered(OF_FOLLOWER, sent(FollowerPace.MUCH_BYTES));
        pace.answered(OF_FOLLOWER, sent(FollowerPace.MUCH_BYTES - 1));

        assertThat(pace.hold(OF_FOLLOWER).isPlenty(1)).isTrue();
    }

    @Test
    void onlyThoseWhoWereSentMuchAreRemembered() throws IOException {
        for (int stranger = 10; stranger < 1_000; stranger++) {
            pace.answered(fetchOf(stranger), sent(0));
        }
        pace.answered(OF_FOLLOWER, sent(FollowerPace.MUCH_BYTES));
        assertThat(pace.remembered()).isEqualTo(1);

        pace.answered(OF_FOLLOWER, sent(1));
        assertThat(pace.remembered()).isZero();
    }

    @Test
    void consumersAreNeverHeldBack() throws IOException {
        pace.answered(OF_CONSUMER, sent(FollowerPace.MUCH_BYTES));

        assertThat(pace.hold(OF_CONSUMER).isPlenty(1)).isTrue();
    }

    private List<FetchResult> sent(int bytes) throws IOException {
        Path file = directory.resolve("segment");
        Files.write(file, new byte[0]);
        try (FileChannel channel = FileChannel.open(file)) {
            return List.of(new FetchResult(
                    new TopicIdPartition(Uuid.ZERO_UUID, 0, "orders"),
                    Errors.NONE,
                    0L,
                    0L,
                    0L,
                    new FileSlice(channel, 0, bytes),
                    Optional.empty(),
                    null,
                    FetchResult.NO_PREFERRED_REPLICA));
        }
    }

    private static FetchCommand fetchOf(int replica) {
        return fetchOf(replica, 1 << 20);
    }

    private static FetchCommand fetchOf(int replica, int partitionMaxBytes) {
        FetchCommand.Partition asked = new FetchCommand.Partition(
                new TopicIdPartition(Uuid.ZERO_UUID, 0, "orders"), 0L, 0L, partitionMaxBytes, -1, -1);
        return new FetchCommand(
                (short) 17, replica, -1L, 500, 1, 10 << 20, FetchIsolation.LOG_END, Optional.empty(), List.of(asked));
    }
}
