// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.workload.LogChecker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics of a mixed cluster are created, moved between the kinds, led by others, widened, deleted and created again. */
@Tag("referee")
class MixedAdminIT extends MixedDrill {
    private static final TopicPartition MOVED = new TopicPartition("moved", 0);

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixes")
    void administersTopicsUnderEachKindOfController(String mix) throws Exception {
        start(mix, Map.of());
        administer();
        createAutomatically("before");
        String what = announce("SIGTERM of", 1);
        assertThat(cluster.broker(1).terminate(60)).isIn(0, 143);
        await("another controller than broker 1", () -> tree.exists("/controller") && traffic.controller() != 1);
        cluster.restartBroker(1);
        awaitAllWell("the restart after " + what);
        announce("second round with the controller", traffic.controller());
        administer();
        createAutomatically("after");
        verify();
    }

    private void administer() throws Exception {
        create(Map.of(0, List.of(1)));
        produce(MOVED, 0, 100);
        long sequence = 100;
        for (List<Integer> target : List.of(List.of(2), List.of(3), List.of(1), List.of(1, 2, 3))) {
            reassign(target);
            produce(MOVED, sequence, 10);
            sequence += 10;
        }
        reassign(List.of(3, 2, 1));
        get(admin().electLeaders(ElectionType.PREFERRED, Set.of(MOVED)).all());
        await("the preferred leader", () -> moved().leader().id() == 3);
        get(admin().createPartitions(
                        Map.of(MOVED.topic(), NewPartitions.increaseTo(3, List.of(List.of(2, 1, 3), List.of(1, 3, 2)))))
                .all());
        produce(new TopicPartition(MOVED.topic(), 1), 0, 10);
        produce(new TopicPartition(MOVED.topic(), 2), 0, 10);
        assertThat(sizes()).containsExactly(Map.entry(0, (int) sequence), Map.entry(1, 10), Map.entry(2, 10));
        delete();
        create(Map.of(0, List.of(3, 1, 2)));
        produce(MOVED, 0, 5);
        assertThat(LogChecker.readAll(cluster.bootstrap(), MOVED.topic(), 1).get(0))
                .hasSize(5);
        delete();
    }

    private Admin admin() {
        return traffic.admin();
    }

    private static void get(KafkaFuture<?> future) throws Exception {
        future.get(120, TimeUnit.SECONDS);
    }

    private void create(Map<Integer, List<Integer>> assignment) throws Exception {
        get(admin().createTopics(
                        List.of(new NewTopic(MOVED.topic(), assignment).configs(Map.of("min.insync.replicas", "1"))))
                .all());
    }

    private TopicPartitionInfo moved() throws Exception {
        return traffic.describe(MOVED.topic()).partitions().get(MOVED.partition());
    }

    /** Whichever broker a client asks for metadata creates the topic; on Kafka that need not be the controller. */
    private void createAutomatically(String when) throws Exception {
        for (int i = 0; i < 5; i++) {
            produce(new TopicPartition("automatic-" + when + "-" + i, 0), 0, 3);
        }
    }

    private void delete() throws Exception {
        get(admin().deleteTopics(List.of(MOVED.topic())).all());
        await(
                "topic " + MOVED.topic() + " to be gone",
                () -> !tree.exists("/brokers/topics/" + MOVED.topic())
                        && !tree.exists("/admin/delete_topics/" + MOVED.topic()));
    }

    private void reassign(List<Integer> target) throws Exception {
        get(admin().alterPartitionReassignments(Map.of(MOVED, Optional.of(new NewPartitionReassignment(target))))
                .all());
        await(
                "the reassignment to " + target,
                () -> admin().listPartitionReassignments().reassignments().get().isEmpty()
                        && moved().isr().size() == target.size());
    }

    /** How many records each partition holds. */
    private Map<Integer, Integer> sizes() {
        Map<Integer, Integer> sizes = new TreeMap<>();
        LogChecker.readAll(cluster.bootstrap(), MOVED.topic(), 3)
                .forEach((partition, log) -> sizes.put(partition, log.size()));
        return sizes;
    }

    private void produce(TopicPartition partition, long from, int count) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", cluster.bootstrap(),
                "key.serializer", LongSerializer.class,
                "value.serializer", LongSerializer.class);
        try (KafkaProducer<Long, Long> producer = new KafkaProducer<>(settings)) {
            for (long i = from; i < from + count; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), i, i))
                        .get(120, TimeUnit.SECONDS);
            }
        }
    }
}
