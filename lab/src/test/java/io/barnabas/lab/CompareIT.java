// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.barnabas.lab.compare.Compare;
import io.barnabas.lab.process.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The comparison from end to end with hardly any load: its figures are there for both systems, and nothing is lost. */
class CompareIT {
    private static final Path HOME =
            Path.of(System.getProperty("barnabas.home")).toAbsolutePath().normalize();

    private static final List<String> EACH =
            List.of("first run after the start", "second run", "warm", "catch-up read by a group");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void measuresTwoSystemsSideBySide() throws Exception {
        Path output = directory.resolve("results");
        CommandRun run = CommandRun.of(
                compare(
                        "--systems=barnabas,kafka",
                        "--workloads=throughput",
                        "--records=2000",
                        "--runs=3",
                        "--output=" + output),
                Map.of(),
                "",
                directory,
                Duration.ofMinutes(5));

        assertThat(run.exitCode()).as(run::toString).isZero();
        JsonNode results =
                new ObjectMapper().readTree(output.resolve("results.json").toFile());
        assertThat(results.path("problems")).as(run::toString).isEmpty();
        assertThat(variants(results, "BARNABAS"))
                .as(run::toString)
                .isEqualTo(EACH)
                .isEqualTo(variants(results, "KAFKA"));
        for (JsonNode sample : results.path("samples")) {
            assertThat(sample.path("figures").path("CLIENT_CPU_SECONDS").asDouble())
                    .as(sample.toString())
                    .isPositive();
        }
        assertThat(Files.readString(output.resolve("report.html"))).contains("Barnabas", "Kafka 3.9 (ZooKeeper)");
        assertThat(output.resolve("report.md")).isNotEmptyFile();
    }

    private static List<String> variants(JsonNode results, String product) {
        List<String> variants = new ArrayList<>();
        for (JsonNode sample : results.path("samples")) {
            if (sample.path("product").asText().equals(product)) {
                variants.add(sample.path("variant").asText());
            }
        }
        return variants;
    }

    private static List<String> compare(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                HOME.resolve("lab/target/classes") + ":" + HOME.resolve("tools/target/libs") + "/*",
                Compare.class.getName(),
                "--home=" + HOME));
        command.addAll(List.of(options));
        return command;
    }
}
