// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.TopicImage;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ClusterImageHolderTest {
    private static final Uuid ID = new Uuid(1, 1);

    private final ClusterImageHolder holder = new ClusterImageHolder();

    private static UpdateMetadataCommand news(List<Integer> brokers, UpdateMetadataCommand.Partition... partitions) {
        return new UpdateMetadataCommand(
                1,
                5,
                -1L,
                brokers.stream()
                        .map(id -> new BrokerInfo(id, BrokerInfo.UNKNOWN_EPOCH, List.of(), Optional.empty()))
                        .toList(),
                List.of(partitions));
    }

    private static UpdateMetadataCommand.Partition led(String topic, int index, int leader, Uuid id) {
        return new UpdateMetadataCommand.Partition(
                new TopicPartition(topic, index),
                id,
                5,
                LeaderAndIsr.initial(leader, List.of(1, 2)),
                List.of(1, 2),
                List.of());
    }

    @Test
    void addsAndChangesPartitionsAndKeepsTheOthers() {
        holder.apply(news(List.of(1, 2), led("a", 0, 1, ID), led("a", 1, 2, ID), led("b", 0, 1, Uuid.ZERO_UUID)));
        TopicImage untouched = holder.image().topic("b").orElseThrow();

        holder.apply(news(List.of(2), led("a", 0, 2, ID)));

        ClusterImage image = holder.image();
        assertThat(image.partition(new TopicPartition("a", 0)).orElseThrow().leader())
                .isEqualTo(2);
        assertThat(image.partition(new TopicPartition("a", 1)).orElseThrow().leader())
                .isEqualTo(2);
        assertThat(image.topic("b")).containsSame(untouched);
        assertThat(image.brokers()).containsOnlyKeys(2);
        assertThat(image.controllerId()).isEqualTo(OptionalInt.of(1));
        assertThat(image.topicName(ID)).contains("a");
    }

    @Test
    void removesPartitionsOfADeletedTopicAndTellsWhich() {
        holder.apply(news(List.of(1), led("a", 0, 1, ID), led("a", 1, 1, ID)));
        List<Set<TopicPartition>> heard = new ArrayList<>();
        holder.addListener((image, deleted) -> heard.add(deleted));

        Set<TopicPartition> deleted = holder.apply(news(
                List.of(1),
                led("a", 0, LeaderAndIsr.LEADER_DURING_DELETE, ID),
                led("a", 1, LeaderAndIsr.LEADER_DURING_DELETE, ID),
                led("unknown", 0, LeaderAndIsr.LEADER_DURING_DELETE, ID)));

        assertThat(deleted)
                .as("as the controller names them, known or not: an order may have told of them")
                .containsExactlyInAnyOrder(
                        new TopicPartition("a", 0), new TopicPartition("a", 1), new TopicPartition("unknown", 0));
        assertThat(heard).containsExactly(deleted);
        assertThat(holder.image().topics()).isEmpty();
        assertThat(holder.image().topicName(ID)).isEmpty();
    }

    @Test
    void keepsATopicsIdWhenOlderNewsCarryNone() {
        holder.apply(news(List.of(1), led("a", 0, 1, ID)));
        holder.apply(news(List.of(1), led("a", 0, 2, Uuid.ZERO_UUID)));
        assertThat(holder.image().topicId("a")).isEqualTo(ID);
    }

    @Test
    void givesARecreatedTopicItsNewId() {
        holder.apply(news(List.of(1), led("a", 0, 1, ID)));
        holder.apply(news(List.of(1), led("a", 0, 1, new Uuid(2, 2))));
        assertThat(holder.image().topicId("a")).isEqualTo(new Uuid(2, 2));
        assertThat(holder.image().topicName(ID)).isEmpty();
    }

    @Test
    void leavesAnImageOnceTakenAsItIs() {
        holder.apply(news(List.of(1), led("a", 0, 1, ID)));
        ClusterImage taken = holder.image();
        holder.apply(news(List.of(1), led("a", 0, LeaderAndIsr.LEADER_DURING_DELETE, ID)));
        assertThat(taken.contains(new TopicPartition("a", 0))).isTrue();
    }
}
