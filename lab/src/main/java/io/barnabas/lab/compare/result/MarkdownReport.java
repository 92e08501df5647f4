// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import io.barnabas.lab.compare.cluster.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Results as Markdown tables: the figures that decide, then everything. */
public final class MarkdownReport {
    private final Results results;
    private final List<WorkloadText> texts;
    private final StringBuilder out = new StringBuilder();

    /** @param texts what each workload is, in the order of the report */
    public MarkdownReport(Results results, List<WorkloadText> texts) {
        this.results = results;
        this.texts = texts;
    }

    /** The whole report. */
    public String write() {
        out.append("# Side by side\n\n");
        results.circumstances().forEach((name, value) -> line("- ", name, ": ", value));
        line("");
        line(
                "Each figure is the median of all runs of its case, with the least and the most of them in parentheses where there"
                        + " were several.");
        problems();
        headlines();
        texts.forEach(this::workload);
        return out.toString();
    }

    private void problems() {
        line("");
        if (results.problems().isEmpty()) {
            line(new Verdict(results, texts).line());
        } else {
            line("**What went wrong:**");
            line("");
            results.problems()
                    .forEach(problem -> line("- ", problem.lines().findFirst().orElse("")));
        }
    }

    private void headlines() {
        List<Headline> measured = Headline.ALL.stream()
                .filter(each -> results.products().stream()
                        .anyMatch(product -> each.of(results, product).isPresent()))
                .toList();
        if (measured.isEmpty()) {
            return;
        }
        line("");
        line("## The figures that decide");
        line("");
        List<String> header = new ArrayList<>(List.of("", "unit"));
        results.products().forEach(product -> header.add(product.title()));
        header.addAll(List.of("Barnabas / better peer", "goal"));
        table(header);
        for (Headline each : measured) {
            List<String> row =
                    new ArrayList<>(List.of(each.title(), each.metric().unit()));
            results.products()
                    .forEach(product -> row.add(each.of(results, product).toString()));
            row.add(ratio(each));
            row.add(goal(each));
            row(row);
        }
    }

    private String ratio(Headline each) {
        double ratio = each.of(results, Product.BARNABAS).median() / each.betterPeer(results);
        return Double.isNaN(ratio) ? "" : Metric.format(ratio) + " ×";
    }

    private String goal(Headline each) {
        if (!each.of(results, Product.BARNABAS).isPresent() || Double.isNaN(each.goal(results))) {
            return "";
        }
        String text = (each.metric().moreIsBetter() ? "≥ " : "≤ ") + Metric.format(each.goal(results));
        return text + (each.reached(results) ? ", reached" : ", **not reached**");
    }

    private void workload(WorkloadText text) {
        if (results.variants(text.id()).isEmpty()) {
            return;
        }
        line("");
        line("## ", text.title());
        line("");
        line(text.explanation(results.variants(text.id())));
        for (String variant : results.variants(text.id())) {
            line("");
            line("### ", variant);
            line("");
            List<String> header = new ArrayList<>(List.of("", "unit"));
            results.products().forEach(product -> header.add(product.title()));
            table(header);
            for (Metric metric : results.metrics(text.id(), variant)) {
                List<String> row = new ArrayList<>(List.of(metric.title(), metric.unit()));
                results.products()
                        .forEach(product -> row.add(results.spread(text.id(), variant, product, metric)
                                .toString()));
                row(row);
            }
        }
    }

    private void table(List<String> header) {
        row(header);
        line(header.stream().map(cell -> "---").collect(Collectors.joining("|", "|", "|")));
    }

    private void row(List<String> cells) {
        line(cells.stream().collect(Collectors.joining(" | ", "| ", " |")));
    }

    private void line(String... parts) {
        out.append(String.join("", parts)).append('\n');
    }
}
