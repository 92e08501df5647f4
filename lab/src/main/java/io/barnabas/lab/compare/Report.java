// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.process.BrokerKind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Measurements as text. Medians over rounds, with the smallest and largest beside them. */
final class Report {
    private Report() {}

    static String line(Measurement each) {
        return String.format(
                Locale.ROOT,
                "round %d  %-9s %-20s %9.0f records/s  p50 %6.1f  p99 %6.1f  p99.9 %6.1f ms  broker CPU %6.1f s"
                        + " (%5.1f s/GiB)  peak %5.0f MiB",
                each.round(),
                each.system(),
                each.workload(),
                each.recordsPerSecond(),
                each.p50Ms(),
                each.p99Ms(),
                each.p999Ms(),
                each.brokerCpuSeconds(),
                each.cpuSecondsPerGib(),
                each.peakResidentMb());
    }

    static String markdown(List<Measurement> all) {
        StringBuilder out = new StringBuilder("# Side by side\n\n");
        out.append("| workload | system | records/s | p50 ms | p99 ms | p99.9 ms | broker CPU s/GiB | peak MiB |\n");
        out.append("|---|---|---|---|---|---|---|---|\n");
        grouped(all)
                .forEach((workload, systems) -> systems.forEach((system, runs) -> out.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s | %s | %s | %s |%n",
                        workload,
                        system,
                        spread(runs, Measurement::recordsPerSecond, "%.0f"),
                        spread(runs, Measurement::p50Ms, "%.1f"),
                        spread(runs, Measurement::p99Ms, "%.1f"),
                        spread(runs, Measurement::p999Ms, "%.1f"),
                        spread(runs, Measurement::cpuSecondsPerGib, "%.1f"),
                        spread(runs, Measurement::peakResidentMb, "%.0f")))));
        return out.toString();
    }

    static String json(List<Measurement> all) {
        return all.stream()
                .map(each -> String.format(
                        Locale.ROOT,
                        "{\"system\":\"%s\",\"workload\":\"%s\",\"round\":%d,\"recordsPerSecond\":%.1f,\"p50Ms\":%s,"
                                + "\"p99Ms\":%s,\"p999Ms\":%s,\"brokerCpuSeconds\":%.2f,\"gib\":%.4f,"
                                + "\"peakResidentMb\":%.0f}",
                        each.system(),
                        each.workload(),
                        each.round(),
                        each.recordsPerSecond(),
                        number(each.p50Ms()),
                        number(each.p99Ms()),
                        number(each.p999Ms()),
                        each.brokerCpuSeconds(),
                        each.gib(),
                        each.peakResidentMb()))
                .collect(Collectors.joining(",\n ", "[", "]\n"));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static Map<String, Map<BrokerKind, List<Measurement>>> grouped(Collection<Measurement> all) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        Measurement::workload,
                        LinkedHashMap::new,
                        Collectors.groupingBy(Measurement::system, LinkedHashMap::new, Collectors.toList())));
    }

    private static String spread(List<Measurement> runs, ToDoubleFunction<Measurement> figure, String format) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        double median = sorted.length % 2 == 1
                ? sorted[sorted.length / 2]
                : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
        if (Double.isNaN(median)) {
            return "";
        }
        String middle = String.format(Locale.ROOT, format, median);
        return sorted.length == 1
                ? middle
                : middle
                        + String.format(
                                Locale.ROOT, " (" + format + "-" + format + ")", sorted[0], sorted[sorted.length - 1]);
    }
}
