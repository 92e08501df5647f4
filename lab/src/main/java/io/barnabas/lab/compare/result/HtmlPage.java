// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import io.barnabas.lab.compare.cluster.Product;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Results as one page that needs nothing but itself: plots first, every figure below them. */
public final class HtmlPage {
    private static final Pattern SIZED = Pattern.compile("(.*), ([\\d,]+) x 3");

    private final Results results;
    private final List<WorkloadText> texts;
    private final StringBuilder out = new StringBuilder();

    /** @param texts what each workload is, in the order of the page */
    public HtmlPage(Results results, List<WorkloadText> texts) {
        this.results = results;
        this.texts = texts;
    }

    /** The whole page. */
    public String write() {
        add("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        add("<title>Side by side</title><style>", style(), "</style></head><body>");
        header();
        add("<main>");
        headlines();
        texts.stream().filter(text -> !results.variants(text.id()).isEmpty()).forEach(this::workload);
        circumstances();
        add("</main></body></html>\n");
        return out.toString();
    }

    private void header() {
        add("<header><h1>Side by side</h1><p>");
        add(Svg.escape(results.circumstances().getOrDefault("Measured", "")), " · ");
        add(Svg.escape(results.circumstances().getOrDefault("Machine", "")), "</p><p class=\"legend\">");
        for (Product product : results.products()) {
            add("<span><i class=\"", product.id(), "\"></i>", Svg.escape(product.title()), "</span>");
        }
        add("</p>");
        if (results.problems().isEmpty()) {
            add("<p class=\"good\">", Svg.escape(new Verdict(results, texts).line()), "</p>");
        } else {
            add("<div class=\"bad\"><b>What went wrong</b><ul>");
            results.problems()
                    .forEach(problem ->
                            add("<li>", Svg.escape(problem.lines().findFirst().orElse("")), "</li>"));
            add("</ul></div>");
        }
        add("</header>");
    }

    private void headlines() {
        List<Headline> measured = Headline.ALL.stream()
                .filter(each -> results.products().stream()
                        .anyMatch(product -> each.of(results, product).isPresent()))
                .toList();
        if (measured.isEmpty()) {
            return;
        }
        add(
                "<section><h2>The figures that decide</h2><p>Bars are medians of all runs, whiskers the least and the most of"
                        + " them; the dashed line is the goal Barnabas is measured by.</p><div class=\"plots\">");
        measured.forEach(this::headline);
        add("</div></section>");
    }

    private void headline(Headline each) {
        Map<Product, Spread> bars = new EnumMap<>(Product.class);
        for (Product product : results.products()) {
            Spread spread = each.of(results, product);
            if (spread.isPresent()) {
                bars.put(product, spread);
            }
        }
        boolean judged = bars.containsKey(Product.BARNABAS) && !Double.isNaN(each.goal(results));
        String verdict = judged ? verdict(each) : "";
        figure(
                each.title(),
                unit(each.metric()) + verdict,
                new BarChart(
                                each.title(),
                                List.of(new BarChart.Group("", bars, judged ? each.goal(results) : Double.NaN)))
                        .draw());
    }

    private String verdict(Headline each) {
        double ratio = each.of(results, Product.BARNABAS).median() / each.betterPeer(results);
        String times = Double.isNaN(ratio) ? "" : Metric.format(ratio) + " × the better peer, ";
        String goal = "goal " + (each.metric().moreIsBetter() ? "≥ " : "≤ ") + Metric.format(each.goal(results));
        return each.reached(results)
                ? " <b class=\"good\">" + times + goal + " ✓</b>"
                : " <b class=\"bad\">" + times + goal + " ✗</b>";
    }

    private void workload(WorkloadText text) {
        add(
                "<section><h2>",
                Svg.escape(text.title()),
                "</h2><p>",
                Svg.escape(text.explanation(results.variants(text.id()))),
                "</p>");
        add("<div class=\"plots\">");
        if (!growth(text)) {
            text.plotted().forEach(metric -> bars(text, metric));
        }
        add("</div><details><summary>All figures</summary><div class=\"scroll\">");
        results.variants(text.id()).forEach(variant -> table(text, variant));
        add("</div></details></section>");
    }

    private void bars(WorkloadText text, Metric metric) {
        List<BarChart.Group> groups = results.variants(text.id()).stream()
                .map(variant -> new BarChart.Group(variant, spreads(text.id(), variant, metric), Double.NaN))
                .filter(group -> !group.bars().isEmpty())
                .toList();
        if (!groups.isEmpty()) {
            figure(metric.title(), unit(metric), new BarChart(text.title() + ": " + metric.title(), groups).draw());
        }
    }

    /** Draws lines where the cases differ by a number of partitions; whether they do. */
    private boolean growth(WorkloadText text) {
        Map<String, NavigableMap<Integer, String>> steps = new LinkedHashMap<>();
        for (String variant : results.variants(text.id())) {
            Matcher matcher = SIZED.matcher(variant);
            if (matcher.matches()) {
                steps.computeIfAbsent(matcher.group(1), step -> new TreeMap<>())
                        .put(Integer.parseInt(matcher.group(2).replace(",", "")), variant);
            }
        }
        if (steps.values().stream().noneMatch(sizes -> sizes.size() > 1)) {
            return false;
        }
        steps.forEach((step, sizes) -> results.metrics(text.id(), sizes.get(sizes.firstKey()))
                .forEach(metric -> lines(text, step, sizes, metric)));
        return true;
    }

    private void lines(WorkloadText text, String step, NavigableMap<Integer, String> sizes, Metric metric) {
        Map<Product, NavigableMap<Integer, Spread>> lines = new EnumMap<>(Product.class);
        sizes.forEach((size, variant) -> spreads(text.id(), variant, metric)
                .forEach((product, spread) ->
                        lines.computeIfAbsent(product, each -> new TreeMap<>()).put(size, spread)));
        figure(
                step + ": " + metric.title(),
                unit(metric),
                new LineChart(step + ": " + metric.title(), "partitions × 3", lines).draw());
    }

    private Map<Product, Spread> spreads(String workload, String variant, Metric metric) {
        Map<Product, Spread> spreads = new EnumMap<>(Product.class);
        for (Product product : results.products()) {
            Spread spread = results.spread(workload, variant, product, metric);
            if (spread.isPresent()) {
                spreads.put(product, spread);
            }
        }
        return spreads;
    }

    private void table(WorkloadText text, String variant) {
        add("<h3>", Svg.escape(variant), "</h3><table><tr><th></th><th>unit</th>");
        results.products().forEach(product -> add("<th>", Svg.escape(product.title()), "</th>"));
        add("</tr>");
        for (Metric metric : results.metrics(text.id(), variant)) {
            add("<tr><td>", Svg.escape(metric.title()), "</td><td>", metric.unit(), "</td>");
            results.products()
                    .forEach(product -> add(
                            "<td>",
                            results.spread(text.id(), variant, product, metric).toString(),
                            "</td>"));
            add("</tr>");
        }
        add("</table>");
    }

    private void circumstances() {
        add("<section><h2>How it was measured</h2><dl>");
        results.circumstances()
                .forEach((name, value) -> add("<dt>", Svg.escape(name), "</dt><dd>", Svg.escape(value), "</dd>"));
        add("</dl></section>");
    }

    private void figure(String title, String subtitle, String drawing) {
        add("<figure><figcaption><b>", Svg.escape(title), "</b> <span>", subtitle, "</span></figcaption>");
        add(drawing, "</figure>");
    }

    private static String unit(Metric metric) {
        return metric.unit() + (metric.moreIsBetter() ? " · more is better" : " · less is better");
    }

    private static String style() {
        try (InputStream in = HtmlPage.class.getResourceAsStream("/compare-report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String... parts) {
        for (String part : parts) {
            out.append(part);
        }
    }
}
