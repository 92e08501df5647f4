// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.compare.cluster.Product;
import io.barnabas.lab.compare.result.WorkloadText.Proof;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** What readers of a comparison are shown. */
class ReportTest {
    private static final Pattern DRAWING = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);
    private static final List<WorkloadText> TEXTS = List.of(
            new WorkloadText(
                    "throughput",
                    "Throughput",
                    List.of(
                            WorkloadText.always("As fast as it goes."),
                            WorkloadText.about("warm", "From the third run on they are warm.")),
                    Proof.EXACT,
                    List.of(Metric.RECORDS_PER_SECOND)),
            new WorkloadText("failover", "Failover", List.of(), Proof.READ, List.of(Metric.ACK_GAP_MS)),
            new WorkloadText(
                    "control",
                    "Many partitions",
                    List.of(WorkloadText.always("One big topic.")),
                    Proof.NONE,
                    List.of(Metric.KNOWN_SECONDS)));

    @TempDir
    private Path directory;

    private final Results results = new Results();

    private void sample(String workload, String variant, Product product, int round, Metric metric, double value) {
        results.add(new Sample(workload, variant, product, round, Map.of(metric, value)));
    }

    private void throughput() {
        sample("throughput", "warm", Product.BARNABAS, 1, Metric.RECORDS_PER_SECOND, 150_000);
        sample("throughput", "warm", Product.BARNABAS, 2, Metric.RECORDS_PER_SECOND, 130_000);
        sample("throughput", "warm", Product.KAFKA, 1, Metric.RECORDS_PER_SECOND, 60_000);
        sample("throughput", "warm", Product.KRAFT, 1, Metric.RECORDS_PER_SECOND, 71_000);
    }

    private void growth() {
        for (int partitions : new int[] {500, 2_000}) {
            String variant = String.format(java.util.Locale.ROOT, "create, %,d x 3", partitions);
            sample("control", variant, Product.BARNABAS, 1, Metric.KNOWN_SECONDS, partitions / 4_000.0);
            sample("control", variant, Product.KAFKA, 1, Metric.KNOWN_SECONDS, partitions / 200.0);
        }
    }

    private String html() {
        return new HtmlPage(results, TEXTS).write();
    }

    @Test
    void judgesAgainstTheBetterPeer() {
        throughput();

        assertThat(new MarkdownReport(results, TEXTS).write())
                .contains("| Three copies, warm | records/s | 140,000 (130,000 to 150,000) | 60,000 | 71,000 | 1.97 × |"
                        + " ≥ 142,000, **not reached** |");
        assertThat(html()).contains("1.97 × the better peer, goal ≥ 142,000 ✗");
    }

    @Test
    void judgesNothingThatWasNotMeasured() {
        sample("throughput", "warm", Product.KAFKA, 1, Metric.RECORDS_PER_SECOND, 60_000);

        assertThat(new MarkdownReport(results, TEXTS).write())
                .contains("| Three copies, warm | records/s | 60,000 |  |  |")
                .doesNotContain("reached");
    }

    @Test
    void saysWhatWentWrongBeforeAnyFigure() {
        throughput();
        results.problem("throughput on Barnabas, round 1: missing 3");

        String markdown = new MarkdownReport(results, TEXTS).write();
        assertThat(markdown).contains("missing 3").doesNotContain("Every acknowledged record");
        assertThat(html().indexOf("missing 3")).isPositive().isLessThan(html().indexOf("<svg"));
    }

    @Test
    void drawsWellFormedPicturesWithinTheirFrames() throws Exception {
        throughput();
        growth();
        Matcher drawings = DRAWING.matcher(html());
        int count = 0;
        while (drawings.find()) {
            var document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(drawings.group())));
            String[] frame =
                    document.getDocumentElement().getAttribute("viewBox").split(" ");
            for (String shape : List.of("rect", "circle", "text")) {
                var shapes = document.getElementsByTagName(shape);
                for (int i = 0; i < shapes.getLength(); i++) {
                    var attributes = shapes.item(i).getAttributes();
                    String prefix = shape.equals("circle") ? "c" : "";
                    assertThat(Double.parseDouble(
                                    attributes.getNamedItem(prefix + "x").getNodeValue()))
                            .isBetween(0.0, Double.parseDouble(frame[2]));
                    assertThat(Double.parseDouble(
                                    attributes.getNamedItem(prefix + "y").getNodeValue()))
                            .isBetween(0.0, Double.parseDouble(frame[3]));
                }
            }
            count++;
        }
        // two headlines, one workload's bars, one line of growth
        assertThat(count).isEqualTo(4);
    }

    @Test
    void drawsGrowthAsLines() {
        growth();

        assertThat(html()).contains("<polyline").contains("partitions × 3");
    }

    @Test
    void needsNoNetwork() {
        throughput();

        assertThat(html()).doesNotContain("http").doesNotContain("<script").doesNotContain("@import");
    }

    @Test
    void mergesEarlierRunsAsFurtherRounds() throws Exception {
        throughput();
        results.circumstance("Machine", "this one");
        Path file = directory.resolve("results.json");
        results.write(file);
        Results merged = new Results();
        merged.merge(file);
        merged.merge(file);

        assertThat(merged.spread("throughput", "warm", Product.BARNABAS, Metric.RECORDS_PER_SECOND))
                .isEqualTo(new Spread(4, 130_000, 140_000, 150_000));
        assertThat(merged.circumstances()).containsEntry("Machine", "this one");
    }

    @Test
    void saysOnlyOfThoseRecordsThatTheyWereReadBackWhichWere() {
        growth();
        assertThat(new MarkdownReport(results, TEXTS).write())
                .contains("No records were read back.")
                .doesNotContain("Every acknowledged record");

        sample("failover", "kill -9 of a leader", Product.KAFKA, 1, Metric.ACK_GAP_MS, 90);
        assertThat(html())
                .contains("Every acknowledged record was read back at least once: failover.")
                .doesNotContain("intact");

        throughput();
        assertThat(html()).contains("was read back, once and intact: throughput.");
    }

    @Test
    void explainsOnlyCasesThatWereMeasured() {
        sample("throughput", "first run after the start", Product.KAFKA, 1, Metric.RECORDS_PER_SECOND, 60_000);
        assertThat(html()).contains("As fast as it goes.").doesNotContain("they are warm");

        throughput();
        assertThat(html()).contains("As fast as it goes. From the third run on they are warm.");
    }

    @Test
    void notesACircumstanceOnceEvenIfAnotherContainsIt() {
        results.circumstance("Systems", "11 brokers");
        results.circumstance("Systems", "1 brokers");
        results.circumstance("Systems", "11 brokers");
        results.circumstance("Systems", "11 brokers; 3 brokers");

        assertThat(results.circumstances()).containsEntry("Systems", "11 brokers; 1 brokers; 3 brokers");
    }
}
