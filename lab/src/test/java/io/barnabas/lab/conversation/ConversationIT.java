// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.barnabas.lab.conversation.Differences.Difference;
import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients can say to a broker, in every version, right and wrong: Barnabas answers as Apache Kafka 3.9.2 does,
 * field by field. A difference that is meant is in {@link MeantDifferences} and docs/compatibility.md.
 */
class ConversationIT {
    static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("num.partitions", "2"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("group.max.size", "3"),
            Map.entry("auto.leader.rebalance.enable", "false"),
            Map.entry("log.retention.ms", "-1"));
    static final List<String> CHAPTERS = List.of(
            "setup",
            "topics-ground",
            "session",
            "produce",
            "fetch",
            "offsets",
            "groups",
            "committed",
            "transactions",
            "group-checks",
            "topics",
            "configs",
            "refused",
            "quotas",
            "peers",
            "frames",
            "sequences",
            "belied",
            "codecs");

    private static final Path RECORDED = Path.of("src/test/resources/conversation/kafka-3.9.2.recording");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** The referee is not run again for every build: what it said is in the sources, and this is how it came there. */
    @Test
    @Tag("referee")
    void kafkaAnswersAsRecorded() {
        Map<String, JsonNode> answers = answers(BrokerKind.KAFKA);
        if (Boolean.getBoolean("lab.record")) {
            Recording.save(answers, RECORDED);
        }
        assertThat(Differences.between(Recording.load(RECORDED), answers)).isEmpty();
    }

    @Test
    void barnabasAnswersAsKafkaDid() {
        Map<String, JsonNode> kafka = Recording.load(RECORDED);
        Map<String, JsonNode> ours = answers(BrokerKind.BARNABAS);
        // what Kafka has not been asked yet fails the other test
        ours.keySet().removeIf(question -> !kafka.containsKey(question));
        List<Difference> all = Differences.between(kafka, ours);
        List<Difference> differences =
                all.stream().filter(each -> !MeantDifferences.cover(each)).toList();
        assertThat(differences)
                .withFailMessage(() -> "of " + kafka.size() + " answers\n"
                        + differences.stream().map(Difference::toString).collect(Collectors.joining("\n")))
                .isEmpty();
        assertThat(MeantDifferences.ALL)
                .as("a difference that is no more is no longer to be excused")
                .allMatch(meant -> all.stream().anyMatch(meant::covers));
    }

    private Map<String, JsonNode> answers(BrokerKind kind) {
        try (ClusterProcesses cluster = new ClusterProcesses(directory.resolve(kind.name()), SETTINGS)) {
            cluster.startZooKeeper();
            cluster.startBroker(1, kind);
            Normal normal = new Normal();
            normal.replace(cluster.brokerDirectory(1).getParent().toString(), "HOME");
            try (Conversation conversation = new Conversation(normal)) {
                conversation.meet(1, port(cluster, 1));
                conversation.say(Script.load(CHAPTERS.get(0)));
                cluster.startBroker(2, kind);
                conversation.meet(2, port(cluster, 2));
                CHAPTERS.stream().skip(1).forEach(chapter -> conversation.say(Script.load(chapter)));
                assertThat(conversation.failures()).isEmpty();
                return conversation.answers();
            }
        }
    }

    private static int port(ClusterProcesses cluster, int id) {
        return Integer.parseInt(cluster.address(id).split(":")[1]);
    }
}
