// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.conversation.Wire;
import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A group coordinator that was stopped past its session and goes on does not know yet that the group has moved. It must not
 * tell the offsets it remembers: who goes back to them reads again what was done in the meantime. {@code -Dlab.kind=KAFKA} shows
 * what Apache Kafka does.
 */
class ResumedCoordinatorIT {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final String GROUP = "clerks";
    private static final short ONE_GROUP = 7;
    private static final BrokerKind KIND = BrokerKind.valueOf(System.getProperty("lab.kind", "BARNABAS"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClusterProcesses cluster;
    private Admin admin;

    @AfterEach
    void close() {
        admin.close(Duration.ofSeconds(2));
        cluster.close();
    }

    @Test
    void tellsNoOffsetsOfTheTimeBefore() throws Exception {
        cluster = new ClusterProcesses(directory, Map.of("auto.leader.rebalance.enable", "false"));
        cluster.startZooKeeper();
        cluster.startBrokers(KIND, KIND, KIND);
        admin = ask(List.of(1, 2, 3));
        ClusterRoles roles = new ClusterRoles(admin);
        roles.awaitBrokers(3);
        admin.createTopics(List.of(new NewTopic(ORDERS.topic(), 1, (short) 3)))
                .all()
                .get(30, TimeUnit.SECONDS);
        commit(5);
        int former = roles.groupCoordinator(GROUP);

        cluster.broker(former).pause();
        admin.close(Duration.ZERO);
        awaitAnotherCoordinator(former);
        commit(9);
        cluster.broker(former).resume();

        List<String> answers = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
        try (Wire wire = new Wire("127.0.0.1", cluster.port(former), 10_000)) {
            while (System.nanoTime() - end < 0) {
                String answer = fetchFrom(wire);
                if (answers.isEmpty() || !answers.get(answers.size() - 1).equals(answer)) {
                    answers.add(answer);
                }
            }
        }
        assertThat(answers).containsExactly(Errors.NOT_COORDINATOR.name());
    }

    /**
     * Waits until the stopped broker's registration is gone and the others know of it, then asks with a client of its own: one
     * that still hears of the stopped broker may go on asking just that one.
     */
    private void awaitAnotherCoordinator(int former) {
        Outsider outsider = new Outsider(cluster.zooKeeperConnect());
        List<Integer> others = Stream.of(1, 2, 3).filter(id -> id != former).toList();
        await("broker " + former + "'s session to end")
                .atMost(Duration.ofMinutes(1))
                .until(() -> outsider.brokerEpoch(former) == 0);
        await("another coordinator than broker " + former)
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> {
                    admin.close(Duration.ZERO);
                    admin = ask(others);
                    ClusterRoles roles = new ClusterRoles(admin);
                    return !roles.brokers().contains(former) && roles.groupCoordinator(GROUP) != former;
                });
    }

    private Admin ask(List<Integer> brokers) {
        String bootstrap = brokers.stream().map(cluster::address).collect(Collectors.joining(","));
        return Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", 3_000));
    }

    private void commit(long offset) {
        await("offset " + offset + " to be committed")
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .untilAsserted(
                        () -> admin.alterConsumerGroupOffsets(GROUP, Map.of(ORDERS, new OffsetAndMetadata(offset)))
                                .all()
                                .get(10, TimeUnit.SECONDS));
    }

    /** The offset this broker tells, whether it is the group's coordinator or not, or its error. */
    private static String fetchFrom(Wire broker) throws Exception {
        RequestHeader header = new RequestHeader(ApiKeys.OFFSET_FETCH, ONE_GROUP, "probe", 1);
        broker.send(new OffsetFetchRequest.Builder(GROUP, true, List.of(ORDERS), false)
                .build(ONE_GROUP)
                .serializeWithHeader(header));
        ByteBuffer frame = ByteBuffer.wrap(broker.receive().orElseThrow());
        OffsetFetchResponse response = (OffsetFetchResponse) AbstractResponse.parseResponse(frame, header);
        return response.error() == Errors.NONE
                ? "offset " + response.partitionDataMap(GROUP).get(ORDERS).offset
                : response.error().name();
    }
}
