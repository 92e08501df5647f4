// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.GroupDescription;
import io.barnabas.coordinator.group.Heartbeat;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.JoinGroup.Protocol;
import io.barnabas.coordinator.group.LeaveGroup;
import io.barnabas.coordinator.group.LeaveGroup.LeavingMember;
import io.barnabas.coordinator.group.OffsetCommit;
import io.barnabas.coordinator.group.OffsetDelete;
import io.barnabas.coordinator.group.OffsetFetch;
import io.barnabas.coordinator.group.SyncGroup;
import io.barnabas.coordinator.group.TxnOffsetCommit;
import io.barnabas.coordinator.group.record.GroupRecord;
import io.barnabas.coordinator.group.record.GroupRecord.GroupStored;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetCommitted;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetDeleted;
import io.barnabas.coordinator.group.record.GroupRecordCodec;
import io.barnabas.coordinator.group.record.GroupSnapshot;
import io.barnabas.coordinator.record.CoordinatorRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;

/**
 * Plays a scenario with one group {@code g} and writes down what happened.
 *
 * <pre>
 * > config maxSize=2                           before anything else
 * > join c1 [member=] [instance=] [protocols=] [topics=] [session=] [rebalance=] [old] [v9]
 * > sync MEMBER GENERATION [MEMBER=ASSIGNMENT …]
 * > heartbeat MEMBER GENERATION [instance=]
 * > leave [MEMBER] [instance=]
 * > commit TOPIC-PARTITION=OFFSET … [member=] [generation=] [producer=]
 * > fetch TOPIC-PARTITION … [stable]
 * > describe | list | delete | delete-offsets TOPIC-PARTITION …
 * > advance MS | fate COMMITTED|WAITING|FAILED | committed | overdue | reload | unload | load
 * > end-transaction PRODUCER commit|abort
 * </pre>
 */
final class ScenarioRunner {
    private static final String GROUP = "g";

    private final GroupRecordCodec codec = new GroupRecordCodec(GroupConfig.RecordVersions.LATEST);
    private final StringBuilder transcript = new StringBuilder();
    private ShardHarness harness;
    private int recordsShown;

    String play(String scenario) {
        for (String line : scenario.split("\n", -1)) {
            if (line.startsWith(">")) {
                transcript.append(line).append('\n');
                run(new Words(line.substring(1).trim()));
                showRecords();
            } else if (line.startsWith("#") || line.isBlank()) {
                transcript.append(line).append('\n');
            }
        }
        transcript.setLength(transcript.length() - 1);
        return transcript.toString();
    }

    private void run(Words words) {
        if (words.verb().equals("config")) {
            harness = new ShardHarness(config(words));
            return;
        }
        if (harness == null) {
            harness = new ShardHarness(GroupConfig.DEFAULTS);
        }
        switch (words.verb()) {
            case "join" -> join(words);
            case "sync" -> sync(words);
            case "heartbeat" -> heartbeat(words);
            case "leave" -> leave(words);
            case "commit" -> commit(words);
            case "fetch" -> fetch(words);
            case "describe" -> describe();
            case "list" -> say(harness.shard().list(Set.of()).toString());
            case "delete" ->
                harness.perform(() -> harness.shard().deleteGroup(GROUP, error -> say("delete: " + error)));
            case "delete-offsets" ->
                harness.perform(() -> harness.shard()
                        .deleteOffsets(
                                new OffsetDelete.Request(
                                        GROUP,
                                        words.args().stream()
                                                .map(ScenarioRunner::partition)
                                                .toList()),
                                result ->
                                        say("delete-offsets: " + result.error() + " " + sorted(result.partitions()))));
            case "advance" -> harness.advance(Long.parseLong(words.arg(0)));
            case "fate" -> harness.fate(ShardHarness.Fate.valueOf(words.arg(0)));
            case "committed" -> harness.commitWaiting();
            case "overdue" -> harness.overdue();
            case "reload" -> harness.reload();
            case "unload" -> harness.unload();
            case "load" -> harness.load();
            case "end-transaction" ->
                harness.endTransaction(
                        Long.parseLong(words.arg(0)), words.arg(1).equals("commit"));
            default -> throw new IllegalArgumentException("unknown: " + words.verb());
        }
    }

    private static GroupConfig config(Words words) {
        GroupConfig defaults = GroupConfig.DEFAULTS;
        return new GroupConfig(
                defaults.minSessionTimeoutMs(),
                defaults.maxSessionTimeoutMs(),
                words.option("maxSize", defaults.maxSize()),
                words.option("initialDelay", defaults.initialRebalanceDelayMs()),
                defaults.offsetMetadataMaxBytes(),
                defaults.offsetsLoadBufferSize(),
                words.option("retention", (int) defaults.offsetsRetentionMs()),
                words.option("checkInterval", (int) defaults.offsetsRetentionCheckIntervalMs()),
                defaults.offsetsTopicPartitions(),
                defaults.offsetsTopicSegmentBytes(),
                defaults.offsetsTopicReplicationFactor(),
                defaults.offsetsTopicCompression(),
                defaults.offsetCommitTimeoutMs(),
                defaults.recordVersions());
    }

    private void join(Words words) {
        String member = id(words.option("member", ""));
        String instance = words.option("instance");
        List<String> topics = List.of(words.option("topics", "orders").split(","));
        Bytes metadata = Bytes.wrap(Utils.toArray(ConsumerProtocol.serializeSubscription(new Subscription(topics))));
        List<Protocol> protocols = new ArrayList<>();
        for (String name : words.option("protocols", "range").split(",")) {
            protocols.add(new Protocol(name, metadata));
        }
        JoinGroup.Request request = new JoinGroup.Request(
                GROUP,
                member,
                instance,
                !words.has("old") && instance == null,
                words.has("v9"),
                words.arg(0),
                "/127.0.0.1",
                words.option("rebalance", 60_000),
                words.option("session", 10_000),
                words.option("type", "consumer"),
                protocols,
                words.option("reason"));
        harness.perform(
                () -> harness.shard().join(request, result -> say(joined(words.arg(0), result)), harness.nowMs()));
    }

    private static String joined(String client, JoinGroup.Result result) {
        String said = "join " + client + ": " + result.error() + " member=" + result.memberId();
        if (result.generationId() >= 0) {
            said += " generation=" + result.generationId() + " protocol=" + result.protocolName() + " leader="
                    + result.leaderId() + (result.skipAssignment() ? " skip-assignment" : "");
        }
        if (!result.members().isEmpty()) {
            said += " members="
                    + result.members().stream()
                            .map(JoinGroup.JoinedMember::memberId)
                            .toList();
        }
        return said;
    }

    private void sync(Words words) {
        Map<String, Bytes> assignments = new HashMap<>();
        words.options()
                .forEach((member, assignment) ->
                        assignments.put(id(member), Bytes.wrap(assignment.getBytes(StandardCharsets.UTF_8))));
        String instance = words.option("instance");
        SyncGroup.Request request = new SyncGroup.Request(
                GROUP, Integer.parseInt(words.arg(1)), id(words.arg(0)), instance, null, null, assignments);
        harness.perform(() -> harness.shard()
                .sync(
                        request,
                        result -> say("sync " + words.arg(0) + ": " + result.error() + " '" + text(result.assignment())
                                + "'"),
                        harness.nowMs()));
    }

    private void heartbeat(Words words) {
        Errors error = harness.shard()
                .heartbeat(
                        new Heartbeat(
                                GROUP, Integer.parseInt(words.arg(1)), id(words.arg(0)), words.option("instance")),
                        harness.nowMs());
        say("heartbeat " + words.arg(0) + ": " + error);
    }

    private void leave(Words words) {
        String member = words.args().isEmpty() ? "" : id(words.arg(0));
        LeaveGroup.Request request =
                new LeaveGroup.Request(GROUP, List.of(new LeavingMember(member, words.option("instance"), null)));
        harness.perform(() -> harness.shard()
                .leave(
                        request,
                        result -> say("leave: " + result.error() + " "
                                + result.members().stream()
                                        .map(left -> left.error().toString())
                                        .toList()),
                        harness.nowMs()));
    }

    private void commit(Words words) {
        Map<TopicPartition, CommittedOffset> offsets = new LinkedHashMap<>();
        words.options().forEach((key, value) -> {
            if (key.indexOf('-') > 0) {
                offsets.put(partition(key), new CommittedOffset(Long.parseLong(value), -1, "", harness.nowMs(), -1));
            }
        });
        OffsetCommit commit =
                new OffsetCommit(GROUP, id(words.option("member", "")), null, words.option("generation", -1), offsets);
        Consumer<Map<TopicPartition, Errors>> answer = errors -> say("commit: " + sorted(errors));
        int producer = words.option("producer", -1);
        harness.perform(() -> producer >= 0
                ? harness.shard().commitTransactional(new TxnOffsetCommit(producer, (short) 0, commit), answer)
                : harness.shard().commit(commit, answer, harness.nowMs()));
    }

    private void fetch(Words words) {
        List<TopicPartition> partitions = words.args().stream()
                .filter(word -> word.indexOf('-') > 0)
                .map(ScenarioRunner::partition)
                .toList();
        OffsetFetch.Result result = harness.shard()
                .fetch(new OffsetFetch.Request(
                        GROUP,
                        words.args().contains("stable"),
                        partitions.isEmpty() ? Optional.empty() : Optional.of(partitions)));
        String shown = result.offsets().entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + (entry.getValue().error() == Errors.NONE
                                ? String.valueOf(entry.getValue().offset())
                                : entry.getValue().error().toString()))
                .sorted()
                .collect(Collectors.joining(" "));
        say("fetch: " + shown);
    }

    private void describe() {
        GroupDescription group = harness.shard().describe(GROUP);
        say("group " + group.state() + " type=" + group.protocolType() + " protocol=" + group.protocol() + " members="
                + group.members().stream()
                        .map(member -> member.memberId() + "'" + text(member.assignment()) + "'")
                        .toList());
    }

    private void showRecords() {
        List<CoordinatorRecord> records = harness.records();
        for (CoordinatorRecord record : records.subList(recordsShown, records.size())) {
            GroupRecord read = codec.decode(record.key(), record.value()).orElseThrow();
            if (read instanceof OffsetCommitted committed) {
                say("  log: offset " + committed.partition() + " "
                        + committed.offset().offset());
            } else if (read instanceof OffsetDeleted deleted) {
                say("  log: offset " + deleted.partition() + " deleted");
            } else if (read instanceof GroupStored stored) {
                say("  log: group " + shown(stored.snapshot()));
            } else {
                say("  log: group deleted");
            }
        }
        recordsShown = records.size();
    }

    private static String shown(GroupSnapshot group) {
        return "generation=" + group.generationId() + " protocol=" + group.protocolName() + " leader="
                + group.leaderId() + " members="
                + group.members().stream()
                        .map(member -> member.memberId() + "'" + text(member.assignment()) + "'")
                        .toList();
    }

    /** Ids are short in the transcript: {@code c1#1} is the first one given out, to the client {@code c1}. */
    private void say(String line) {
        transcript
                .append(line.replaceAll("-00000000-0000-0000-0000-0*([0-9a-f]+)", "#$1"))
                .append('\n');
    }

    private static String id(String shown) {
        int hash = shown.indexOf('#');
        return hash < 0
                ? shown
                : shown.substring(0, hash) + "-00000000-0000-0000-0000-"
                        + "0".repeat(12 - (shown.length() - hash - 1))
                        + shown.substring(hash + 1);
    }

    private static TopicPartition partition(String shown) {
        int dash = shown.lastIndexOf('-');
        return new TopicPartition(shown.substring(0, dash), Integer.parseInt(shown.substring(dash + 1)));
    }

    private static String text(Bytes bytes) {
        return new String(bytes.get(), StandardCharsets.UTF_8);
    }

    private static String sorted(Map<TopicPartition, ?> byPartition) {
        return byPartition.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList()
                .toString();
    }

    /** A command taken apart: its verb, its plain words, and those of the form {@code key=value}. */
    private record Words(String verb, List<String> args, Map<String, String> options) {
        Words(String line) {
            this(line.split(" +")[0], new ArrayList<>(), new LinkedHashMap<>());
            String[] words = line.split(" +");
            for (int i = 1; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                if (equals < 0) {
                    args.add(words[i]);
                } else {
                    options.put(words[i].substring(0, equals), words[i].substring(equals + 1));
                }
            }
        }

        String arg(int index) {
            return args.get(index);
        }

        boolean has(String word) {
            return args.contains(word);
        }

        String option(String key) {
            return options.get(key);
        }

        String option(String key, String otherwise) {
            return options.getOrDefault(key, otherwise);
        }

        int option(String key, int otherwise) {
            return options.containsKey(key) ? Integer.parseInt(options.get(key)) : otherwise;
        }
    }
}
