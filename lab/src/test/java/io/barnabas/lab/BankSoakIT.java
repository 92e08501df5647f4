// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The bank for as long as {@code -Dbank.minutes} says, with everything that may happen to brokers, workers, ZooKeeper and
 * topics, in an order that {@code -Dbank.seed} decides. After each fault the books are right and every replica is in sync.
 */
@Tag("long")
class BankSoakIT extends BankDrill {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PASSING_PARTITIONS = 30;

    private int passing;

    @Test
    void keepsTheBooksForALongTime() throws Exception {
        Map<String, Fault> faults = new TreeMap<>();
        faults.put("kill -9 of a ledger's leader", () -> kill(() -> roles.leader(LEDGERS.get(1))));
        faults.put("kill -9 of the transfers' leader", () -> kill(() -> roles.leader(TRANSFERS)));
        faults.put("kill -9 of a transaction coordinator", () -> kill(this::aTransactionCoordinator));
        faults.put("kill -9 of the group coordinator", () -> kill(() -> roles.groupCoordinator(CLERKS)));
        faults.put("kill -9 of the controller", () -> kill(roles::controller));
        faults.put("kill -9 of two brokers at once", () -> killAtOnce(2));
        faults.put("kill -9 of all brokers at once", () -> killAtOnce(BROKERS));
        faults.put("pause of a ledger's leader", () -> pause(() -> roles.leader(LEDGERS.get(0))));
        faults.put("pause of a transaction coordinator", () -> pause(this::aTransactionCoordinator));
        faults.put("pause of the group coordinator", () -> pause(() -> roles.groupCoordinator(CLERKS)));
        faults.put("pause of the controller", () -> pause(roles::controller));
        faults.put("controlled shutdown of a broker", () -> stopAndStart(aBroker()));
        faults.put("kill -9 of a worker", () -> killWorker(random.nextInt(WORKERS)));
        faults.put("pause of a worker", () -> pauseWorker(random.nextInt(WORKERS), () -> {}));
        faults.put(
                "pause of a worker, kill -9 of its coordinator",
                () -> pauseWorker(0, () -> kill(this::aTransactionCoordinator)));
        faults.put("end of a broker's session", () -> endSessions(List.of(aBroker())));
        faults.put("end of the controller's session", () -> endSessions(List.of(holder(roles::controller))));
        faults.put("end of all sessions", () -> endSessions(List.of(1, 2, 3)));
        faults.put("kill -9 of a broker, end of another's session", this::killOneEndAnother);
        faults.put("kill -9 of ZooKeeper", this::killZooKeeper);
        faults.put("pause of ZooKeeper past all sessions", this::pauseZooKeeper);
        faults.put("kill -9 of the controller while topics come and go", this::topicsComeAndGo);
        faults.put("kill -9 of the controller while replicas move", this::replicasMove);
        List<String> names = new ArrayList<>(faults.keySet());
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("bank.minutes", 3));
        int round = 0;
        while (System.nanoTime() - end < 0) {
            String name = names.get(random.nextInt(names.size()));
            hit(++round + ": " + name, faults.get(name));
            awaitHealth(name);
        }

        closeTheBooks();
    }

    private int aBroker() {
        return 1 + random.nextInt(BROKERS);
    }

    private int aTransactionCoordinator() throws Exception {
        return roles.transactionCoordinator(workers.transactionalId(random.nextInt(WORKERS)));
    }

    private void killAtOnce(int count) {
        int first = random.nextInt(BROKERS);
        List<Integer> victims = IntStream.range(first, first + count)
                .mapToObj(each -> 1 + each % BROKERS)
                .toList();
        victims.forEach(each -> cluster.broker(each).kill());
        order(50);
        victims.forEach(cluster::restartBroker);
    }

    private void stopAndStart(int broker) {
        cluster.broker(broker).terminate(60);
        order(50);
        cluster.restartBroker(broker);
    }

    private void endSessions(List<Integer> brokers) throws Exception {
        try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zooKeeperConnect())) {
            for (int broker : brokers) {
                ZooKeeperSessions.renew(cluster.zooKeeperConnect(), tree, broker);
            }
        }
    }

    private void killOneEndAnother() throws Exception {
        int killed = aBroker();
        cluster.broker(killed).kill();
        endSessions(List.of(1 + killed % BROKERS));
        order(50);
        cluster.restartBroker(killed);
    }

    private void killZooKeeper() {
        cluster.zooKeeper().kill();
        order(50);
        cluster.startZooKeeper(1);
    }

    /** The server ends the sessions when it goes on, unless it hears from their owners first. */
    private void pauseZooKeeper() throws Exception {
        cluster.zooKeeper().pause();
        order(50);
        TimeUnit.SECONDS.sleep(8);
        cluster.zooKeeper().resume();
    }

    private void topicsComeAndGo() throws Exception {
        String topic = "passing-" + ++passing;
        NewTopic wanted = new NewTopic(topic, PASSING_PARTITIONS, (short) 3);
        int controller = holder(roles::controller);
        admin.createTopics(List.of(wanted));
        cluster.broker(controller).kill();
        order(50);
        cluster.restartBroker(controller);
        await("a topic the controller died over")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> {
                    if (!roles.topics().contains(topic)) {
                        admin.createTopics(List.of(wanted)).all().get(30, TimeUnit.SECONDS);
                    }
                    return roles.describe(topic).partitions().size() == PASSING_PARTITIONS
                            && roles.underReplicated(List.of(topic)).isEmpty();
                });
        int next = holder(roles::controller);
        admin.deleteTopics(List.of(topic));
        cluster.broker(next).kill();
        order(50);
        cluster.restartBroker(next);
        try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zooKeeperConnect())) {
            await("a topic the controller died over to be deleted")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> {
                        if (roles.topics().contains(topic)) {
                            admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
                        }
                        return !tree.exists("/brokers/topics/" + topic)
                                && !tree.exists("/admin/delete_topics/" + topic);
                    });
        }
    }

    /** The transfers lose their copies on one broker and get them again, each time while the controller dies. */
    private void replicasMove() throws Exception {
        int without = aBroker();
        List<Integer> two = IntStream.rangeClosed(1, BROKERS)
                .filter(each -> each != without)
                .boxed()
                .toList();
        for (List<Integer> replicas : List.of(two, List.of(1, 2, 3))) {
            Map<TopicPartition, Optional<NewPartitionReassignment>> moves = partitions(List.of(TRANSFERS)).stream()
                    .collect(Collectors.toMap(
                            each -> each,
                            each -> Optional.of(new NewPartitionReassignment(rotated(replicas, each.partition())))));
            int controller = holder(roles::controller);
            admin.alterPartitionReassignments(moves);
            cluster.broker(controller).kill();
            order(50);
            cluster.restartBroker(controller);
            await("transfers on " + replicas)
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> {
                        if (!admin.listPartitionReassignments()
                                .reassignments()
                                .get(30, TimeUnit.SECONDS)
                                .isEmpty()) {
                            return false;
                        }
                        if (!on(replicas)) {
                            admin.alterPartitionReassignments(moves).all().get(30, TimeUnit.SECONDS);
                            return false;
                        }
                        return roles.underReplicated(List.of(TRANSFERS)).isEmpty();
                    });
        }
    }

    private static List<Integer> rotated(List<Integer> replicas, int by) {
        List<Integer> rotated = new ArrayList<>(replicas);
        Collections.rotate(rotated, by);
        return rotated;
    }

    private boolean on(List<Integer> replicas) throws Exception {
        return roles.describe(TRANSFERS).partitions().stream().allMatch(each -> each.replicas().stream()
                .map(Node::id)
                .collect(Collectors.toSet())
                .equals(Set.copyOf(replicas)));
    }

    private void awaitHealth(String after) {
        await("all replicas to be in sync after " + after)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(roles.underReplicated(List.of(TRANSFERS))).isEmpty();
                    assertThat(roles.brokers()).hasSize(BROKERS);
                });
    }
}
