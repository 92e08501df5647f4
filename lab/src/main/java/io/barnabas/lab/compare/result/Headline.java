// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import io.barnabas.lab.compare.cluster.Product;
import java.util.List;
import java.util.stream.Stream;

/**
 * A figure that decides, with its goal for Barnabas: a factor on the better peer, or an absolute bound.
 *
 * @param title in the reader's words
 * @param variant the case's name, or its beginning
 * @param factor of the better peer's median, 0 where the goal is absolute
 * @param bound the absolute goal, 0 where it is relative
 */
public record Headline(String title, String workload, String variant, Metric metric, double factor, double bound) {
    /** What the project set out to reach. */
    public static final List<Headline> ALL = List.of(
            relative("Three copies, warm", "throughput", "warm", Metric.RECORDS_PER_SECOND, 2),
            relative("Three copies, warm: broker CPU per million", "throughput", "warm", Metric.CPU_PER_MILLION, 0.35),
            relative("First run after a start", "throughput", "first", Metric.RECORDS_PER_SECOND, 2),
            relative(
                    "First run after a start: broker CPU per million",
                    "throughput",
                    "first",
                    Metric.CPU_PER_MILLION,
                    0.4),
            relative("5,000 records/s one by one: p99", "latency", "5,000 records/s, one by one", Metric.P99_MS, 0.5),
            relative(
                    "5,000 records/s one by one: p99.9", "latency", "5,000 records/s, one by one", Metric.P999_MS, 0.5),
            relative(
                    "5,000 records/s one by one: broker CPU",
                    "latency",
                    "5,000 records/s, one by one",
                    Metric.CPU_CORES,
                    0.35),
            relative("5,000 records/s in bursts: p99", "latency", "5,000 records/s, in bursts", Metric.P99_MS, 0.5),
            relative("5,000 records/s in bursts: p99.9", "latency", "5,000 records/s, in bursts", Metric.P999_MS, 0.5),
            relative(
                    "5,000 records/s in bursts: broker CPU",
                    "latency",
                    "5,000 records/s, in bursts",
                    Metric.CPU_CORES,
                    0.35),
            relative("One broker, one copy, warm", "single", "warm", Metric.RECORDS_PER_SECOND, 1.3),
            relative("One broker, warm: broker CPU per GiB", "single", "warm", Metric.CPU_PER_GIB, 0.5),
            relative("Catch-up read by a group", "throughput", "catch-up", Metric.MB_PER_SECOND, 1.2),
            relative("Catch-up read: broker CPU per GiB", "throughput", "catch-up", Metric.CPU_PER_GIB_READ, 0.5),
            absolute(
                    "Worst partition's silence on SIGTERM of a leader",
                    "failover",
                    "SIGTERM of a leader",
                    Metric.PARTITION_GAP_MS,
                    100),
            absolute(
                    "Worst partition's silence on kill -9 of a leader",
                    "failover",
                    "kill -9 of a leader",
                    Metric.PARTITION_GAP_MS,
                    300),
            absolute("Create 2,000 x 3 partitions", "control", "create, 2,000", Metric.KNOWN_SECONDS, 0.8),
            absolute(
                    "Restart after kill -9 with 2,000 x 3",
                    "control",
                    "restart after kill -9, 2,000",
                    Metric.FULL_SECONDS,
                    3),
            absolute("Process start to first answer", "start", "one broker", Metric.FIRST_ANSWER_SECONDS, 0.8),
            relative("Idle memory with 2,000 replicas", "control", "idle, 2,000", Metric.RESIDENT_MIB, 0.4));

    private static Headline relative(String title, String workload, String variant, Metric metric, double factor) {
        return new Headline(title, workload, variant, metric, factor, 0);
    }

    private static Headline absolute(String title, String workload, String variant, Metric metric, double bound) {
        return new Headline(title, workload, variant, metric, 0, bound);
    }

    /** One system's figure; without rounds when it was not measured. */
    public Spread of(Results results, Product product) {
        return results.variants(workload).stream()
                .filter(each -> each.startsWith(variant))
                .map(each -> results.spread(workload, each, product, metric))
                .findFirst()
                .orElse(Spread.of(new double[0]));
    }

    /** The better peer's median, NaN when none was measured. */
    public double betterPeer(Results results) {
        double[] peers = Stream.of(Product.KAFKA, Product.KRAFT)
                .map(product -> of(results, product))
                .filter(Spread::isPresent)
                .mapToDouble(Spread::median)
                .sorted()
                .toArray();
        return peers.length == 0 ? Double.NaN : metric.moreIsBetter() ? peers[peers.length - 1] : peers[0];
    }

    /** What Barnabas must reach, NaN when that depends on peers that were not measured. */
    public double goal(Results results) {
        return factor > 0 ? factor * betterPeer(results) : bound;
    }

    /** Whether the median reaches the goal. */
    public boolean reached(Results results) {
        double ours = of(results, Product.BARNABAS).median();
        double goal = goal(results);
        return metric.moreIsBetter() ? ours >= goal : ours <= goal;
    }
}
