// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Writes commands down and answers them: well, unless told otherwise; not at all for a broker that hangs, late for one that is slow. */
final class RecordingSender implements BrokerCommandSender {
    private final Transcript transcript;
    final Set<Integer> hanging = new HashSet<>();
    final Set<Integer> slow = new HashSet<>();
    private final Map<Integer, List<Runnable>> late = new HashMap<>();
    final Map<TopicPartition, Errors> errors = new HashMap<>();
    final Set<Integer> answeringErrors = new HashSet<>();
    final Set<Integer> failing = new HashSet<>();
    final List<LeaderAndIsrCommand> full = new ArrayList<>();
    int commands;

    RecordingSender(Transcript transcript) {
        this.transcript = transcript;
    }

    @Override
    public CompletableFuture<LeaderAndIsrCommand.Outcome> send(BrokerInfo broker, LeaderAndIsrCommand command) {
        if (command.full()) {
            full.add(command);
        }
        record(
                broker,
                "LeaderAndIsr" + (command.full() ? "(full)" : ""),
                shown(
                        command.partitions(),
                        p -> p.topicPartition() + " " + Transcript.shown(p.leaderAndIsr()) + " replicas="
                                + Transcript.shown(p.assignment()) + (p.isNew() ? " new" : "")));
        return answer(
                broker,
                new LeaderAndIsrCommand.Outcome(
                        Errors.NONE,
                        outcomes(
                                broker,
                                command.partitions().stream()
                                        .map(LeaderAndIsrCommand.Partition::topicPartition)
                                        .toList())));
    }

    @Override
    public CompletableFuture<StopReplicaCommand.Outcome> send(BrokerInfo broker, StopReplicaCommand command) {
        record(
                broker,
                "StopReplica",
                shown(
                        command.partitions(),
                        p -> p.topicPartition() + " epoch=" + p.leaderEpoch() + (p.delete() ? " delete" : "")));
        return answer(
                broker,
                new StopReplicaCommand.Outcome(
                        Errors.NONE,
                        outcomes(
                                broker,
                                command.partitions().stream()
                                        .map(StopReplicaCommand.Partition::topicPartition)
                                        .toList())));
    }

    @Override
    public CompletableFuture<Errors> send(BrokerInfo broker, UpdateMetadataCommand command) {
        List<Integer> live = command.liveBrokers().stream().map(BrokerInfo::id).toList();
        record(
                broker,
                "UpdateMetadata live=" + live,
                shown(
                        command.partitions(),
                        p -> p.topicPartition() + " " + Transcript.shown(p.leaderAndIsr())
                                + (p.offlineReplicas().isEmpty() ? "" : " offline=" + p.offlineReplicas())));
        return answer(broker, Errors.NONE);
    }

    @Override
    public void forget(BrokerInfo broker) {
        transcript.add("forget " + broker.id() + "@" + broker.epoch());
    }

    private void record(BrokerInfo broker, String what, String partitions) {
        commands++;
        transcript.add("-> " + broker.id() + " " + what + partitions);
    }

    private <T> CompletableFuture<T> answer(BrokerInfo broker, T outcome) {
        if (failing.contains(broker.id())) {
            return CompletableFuture.failedFuture(new IllegalStateException("no connection"));
        }
        if (slow.contains(broker.id())) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            late.computeIfAbsent(broker.id(), id -> new ArrayList<>()).add(() -> answer.complete(outcome));
            return answer;
        }
        return hanging.contains(broker.id()) ? new CompletableFuture<>() : CompletableFuture.completedFuture(outcome);
    }

    /** A slow broker answers what it was sent, and is slow no more. */
    void answerLate(int broker) {
        slow.remove(broker);
        transcript.add("<- " + broker + " answers");
        late.remove(broker).forEach(Runnable::run);
    }

    private Map<TopicPartition, Errors> outcomes(BrokerInfo broker, List<TopicPartition> partitions) {
        boolean well = !answeringErrors.contains(broker.id());
        return partitions.stream()
                .collect(Collectors.toMap(p -> p, p -> well ? Errors.NONE : errors.getOrDefault(p, Errors.NONE)));
    }

    private static <P> String shown(List<P> partitions, Function<P, String> line) {
        if (partitions.size() > 50) {
            return " " + partitions.size() + " partitions";
        }
        return partitions.stream()
                .map(line)
                .sorted(Comparator.naturalOrder())
                .map(text -> "\n     " + text)
                .collect(Collectors.joining());
    }
}
