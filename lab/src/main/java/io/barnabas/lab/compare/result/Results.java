// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.barnabas.lab.compare.cluster.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything a run, or several merged, has brought: the circumstances, the samples, and what went wrong. */
public final class Results {
    /** The circumstance of which programs wrote, read and asked. */
    public static final String CLIENT = "Client";
    /** The circumstance of which clusters were started. */
    public static final String SYSTEMS = "Systems";
    /** The circumstance of how much was written, or how long. */
    public static final String AMOUNTS = "Amounts";

    private static final String BETWEEN = "; ";

    private final Map<String, String> circumstances = new LinkedHashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /** What the files hold. */
    private record Stored(Map<String, String> circumstances, List<Sample> samples, List<String> problems) {}

    /** Notes something to know of the figures, or several things with semicolons between; none is noted twice. */
    public void circumstance(String name, String value) {
        for (String part : value.split(BETWEEN, -1)) {
            circumstances.merge(name, part, (old, fresh) -> has(old, fresh) ? old : old + BETWEEN + fresh);
        }
    }

    private static boolean has(String noted, String fresh) {
        return (BETWEEN + noted + BETWEEN).contains(BETWEEN + fresh + BETWEEN);
    }

    public void add(Sample sample) {
        samples.add(sample);
    }

    /** Notes what did not go as it must: a lost record, a workload that failed. */
    public void problem(String text) {
        problems.add(text);
    }

    public Map<String, String> circumstances() {
        return circumstances;
    }

    public List<String> problems() {
        return problems;
    }

    public boolean isEmpty() {
        return samples.isEmpty();
    }

    /** The systems measured, in the order of {@link Product}. */
    public List<Product> products() {
        return Arrays.stream(Product.values())
                .filter(product -> samples.stream().anyMatch(sample -> sample.product() == product))
                .toList();
    }

    /** The cases of a workload, in the order they were run. */
    public Set<String> variants(String workload) {
        return samples.stream()
                .filter(sample -> sample.workload().equals(workload))
                .map(Sample::variant)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Which figures a workload's case has, in the order of {@link Metric}. */
    public List<Metric> metrics(String workload, String variant) {
        return Arrays.stream(Metric.values())
                .filter(metric -> samples.stream()
                        .anyMatch(sample -> sample.workload().equals(workload)
                                && sample.variant().equals(variant)
                                && sample.figures().containsKey(metric)))
                .toList();
    }

    /** All rounds of one figure. */
    public Spread spread(String workload, String variant, Product product, Metric metric) {
        return Spread.of(samples.stream()
                .filter(sample -> sample.workload().equals(workload)
                        && sample.variant().equals(variant)
                        && sample.product() == product
                        && sample.figures().containsKey(metric))
                .mapToDouble(sample -> sample.figures().get(metric))
                .toArray());
    }

    /** Writes everything as JSON. */
    public void write(Path file) throws IOException {
        mapper().writeValue(file.toFile(), new Stored(circumstances, samples, problems));
    }

    /** Adds what an earlier run has written; its rounds count after those already here. */
    public void merge(Path file) throws IOException {
        Stored stored = mapper().readValue(file.toFile(), Stored.class);
        int rounds = samples.stream().mapToInt(Sample::round).max().orElse(0);
        stored.circumstances().forEach(this::circumstance);
        stored.samples()
                .forEach(each -> samples.add(new Sample(
                        each.workload(), each.variant(), each.product(), rounds + each.round(), each.figures())));
        problems.addAll(stored.problems());
    }

    private static ObjectMapper mapper() {
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    }
}
