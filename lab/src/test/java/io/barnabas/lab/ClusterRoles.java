// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/** Which broker is what at the moment, as an administrator's client is told; each answer within 30 s. */
final class ClusterRoles {
    private final Admin admin;

    ClusterRoles(Admin admin) {
        this.admin = admin;
    }

    /** All topics, internal ones too. */
    Set<String> topics() throws Exception {
        return admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get(30, TimeUnit.SECONDS);
    }

    TopicDescription describe(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic);
    }

    /**
     * The partitions of all topics that have no leader, or not all their replicas in sync.
     *
     * @param atLeast topics there are: a broker that has just started may know of none, and is asked in vain
     */
    List<String> underReplicated(Collection<String> atLeast) throws Exception {
        Set<String> names = topics();
        assertThat(names).as("what a broker knows that may just have started").containsAll(atLeast);
        List<String> found = new ArrayList<>();
        admin.describeTopics(names).allTopicNames().get(30, TimeUnit.SECONDS).forEach((name, topic) -> {
            for (TopicPartitionInfo partition : topic.partitions()) {
                if (partition.leader() == null
                        || partition.isr().size() != partition.replicas().size()) {
                    found.add(name + "-" + partition);
                }
            }
        });
        return found;
    }

    /** The leader of a topic's first partition. */
    int leader(String topic) throws Exception {
        return describe(topic).partitions().get(0).leader().id();
    }

    int controller() throws Exception {
        return admin.describeCluster().controller().get(30, TimeUnit.SECONDS).id();
    }

    int transactionCoordinator(String transactionalId) throws Exception {
        return admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get(30, TimeUnit.SECONDS)
                .coordinatorId();
    }

    int groupCoordinator(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get(30, TimeUnit.SECONDS)
                .coordinator()
                .id();
    }

    int members(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get(30, TimeUnit.SECONDS)
                .members()
                .size();
    }

    /** The brokers that are registered; soon fails when it was the paused one that was asked. */
    List<Integer> brokers() throws Exception {
        return admin
                .describeCluster(new DescribeClusterOptions().timeoutMs(3_000))
                .nodes()
                .get(30, TimeUnit.SECONDS)
                .stream()
                .map(Node::id)
                .toList();
    }

    /** Waits until as many are registered and the controller has told of them: they listen before it knows. */
    void awaitBrokers(int count) {
        await(count + " brokers to be known")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> brokers().size() >= count);
    }

    TransactionState state(String transactionalId) throws Exception {
        return admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get(30, TimeUnit.SECONDS)
                .state();
    }

    /** One of the transactional ids there are. */
    Optional<String> anyTransactionalId() throws Exception {
        return admin.listTransactions().all().get(30, TimeUnit.SECONDS).stream()
                .map(TransactionListing::transactionalId)
                .findFirst();
    }

    /** Transactional ids whose transaction is neither committed nor aborted. */
    List<String> openTransactions() throws Exception {
        List<TransactionState> ended =
                List.of(TransactionState.EMPTY, TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT);
        return admin.listTransactions().all().get(30, TimeUnit.SECONDS).stream()
                .filter(each -> !ended.contains(each.state()))
                .map(each -> each.transactionalId() + " is " + each.state())
                .collect(Collectors.toList());
    }
}
