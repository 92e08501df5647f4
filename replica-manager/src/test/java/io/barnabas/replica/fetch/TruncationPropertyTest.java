// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.event.EventSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.TopicPartition;

/** Whatever happened to two replicas, fetching makes the follower's log the leader's, and cuts nothing they shared. */
class TruncationPropertyTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final int MAX_ROUNDS = 200;

    @Property(tries = 400)
    void followerEndsUpWithTheLeadersLog(@ForAll long seed, @ForAll boolean truncatesOnFetch) {
        Random random = new Random(seed);
        MemoryLog leading = new MemoryLog(PARTITION);
        MemoryLog following = new MemoryLog(PARTITION);
        int common = random.nextInt(6);
        int epoch = 0;
        for (int i = 0; i < common; i++) {
            epoch += random.nextInt(2);
            MemoryLog.Entry entry = new MemoryLog.Entry(epoch, "common@" + i);
            leading.with(entry);
            following.with(entry);
        }
        following.committedTo(common == 0 ? 0 : random.nextInt(common + 1));
        // From here on each wrote alone, in epochs of its own: an epoch has one leader.
        for (int round = 0; round < 4; round++) {
            epoch++;
            (random.nextBoolean() ? leading : following).with(epoch, random.nextInt(3));
        }
        int current = epoch + 1;
        FakeLeader leader = new FakeLeader(truncatesOnFetch).leads(leading, current);
        int[] shortest = {(int) following.logEndOffset()};
        ManualTime time = new ManualTime();
        Queue<Runnable> disk = new ArrayDeque<>();
        List<FetchAssignment> parked = new ArrayList<>();
        FetcherLoop loop = new FetcherLoop(
                leader,
                0,
                FetcherConfig.DEFAULT,
                new FetcherEnvironment(time, time, disk::add, ReplicationQuota.UNLIMITED, EventSink.NONE),
                parked::add);

        loop.add(List.of(FakeLeader.assignment(following.inEpoch(current), current)));
        for (int i = 0; i < MAX_ROUNDS && !following.entries().equals(leading.entries()); i++) {
            leader.settle();
            while (!disk.isEmpty()) {
                disk.poll().run();
                shortest[0] = Math.min(shortest[0], (int) following.logEndOffset());
                leader.settle();
            }
            if (leader.fetchUnderWay != null) {
                leader.answer();
            }
            time.advance(100);
        }

        assertThat(following.entries()).as("seed %d", seed).isEqualTo(leading.entries());
        assertThat(parked).isEmpty();
        assertThat(shortest[0]).as("shared records kept, seed %d", seed).isGreaterThanOrEqualTo(common);
    }
}
