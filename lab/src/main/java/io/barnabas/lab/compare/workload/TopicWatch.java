// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.BrokerProbe.TopicView;
import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.cluster.Waiting;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Waits until every live broker says the same of a topic. */
final class TopicWatch {
    private TopicWatch() {}

    /** Until every live broker knows all partitions, each with a leader and all replicas in sync; seconds. */
    static double awaitFull(Cluster cluster, String topic, int partitions, int seconds) {
        return await(
                cluster,
                topic,
                "all " + partitions + " partitions of " + topic + " to be full",
                seconds,
                view -> view.known() == partitions && view.full() == partitions);
    }

    /** Until no live broker knows the topic. */
    static double awaitGone(Cluster cluster, String topic, int seconds) {
        return await(cluster, topic, topic + " to be gone", seconds, TopicView::gone);
    }

    /** Until, for every live broker, each partition is led by a live broker. */
    static double awaitLed(Cluster cluster, String topic, int partitions, int seconds) {
        Set<Integer> live = Set.copyOf(cluster.liveIds());
        return await(
                cluster,
                topic,
                "all partitions of " + topic + " to have live leaders",
                seconds,
                view -> view.led() == partitions && live.containsAll(view.leaders()));
    }

    /** Until every live broker has noticed that others are gone: no partition is full. */
    static double awaitNoticed(Cluster cluster, String topic, int partitions, int seconds) {
        return await(
                cluster,
                topic,
                "the loss to be noticed",
                seconds,
                view -> view.known() == partitions && view.full() == 0);
    }

    private static double await(
            Cluster cluster, String topic, String what, int seconds, Predicate<TopicView> condition) {
        return Waiting.until(
                what,
                seconds,
                () -> cluster.liveIds().stream().allMatch(id -> matches(cluster, id, topic, condition)),
                () -> views(cluster, topic, cluster.liveIds()) + "\n" + cluster.diagnosis());
    }

    private static boolean matches(Cluster cluster, int id, String topic, Predicate<TopicView> condition) {
        return cluster.probe(id).topic(topic).filter(condition).isPresent();
    }

    private static String views(Cluster cluster, String topic, List<Integer> ids) {
        return ids.stream()
                .map(id -> "broker " + id + " sees "
                        + cluster.probe(id)
                                .topic(topic)
                                .map(view -> view.known() + " partitions, " + view.led() + " with leader, "
                                        + view.full() + " full")
                                .orElse("nothing: no answer"))
                .collect(Collectors.joining("\n"));
    }
}
