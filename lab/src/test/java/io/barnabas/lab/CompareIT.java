// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.barnabas.lab.compare.Compare;
import io.barnabas.lab.compare.client.LoadClient;
import io.barnabas.lab.process.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
        ChildProcess compare = lab(
                Compare.class,
                "--home=" + HOME,
                "--systems=barnabas,kafka",
                "--workloads=throughput",
                "--records=2000",
                "--runs=3",
                "--output=" + output);

        assertThat(compare.await(300)).as(() -> compare.tail(60)).isZero();
        JsonNode results =
                new ObjectMapper().readTree(output.resolve("results.json").toFile());
        assertThat(results.path("problems")).as(() -> compare.tail(60)).isEmpty();
        for (String product : List.of("BARNABAS", "KAFKA")) {
            assertThat(ofEach(results, product, sample -> sample.path("variant").asText()))
                    .isEqualTo(EACH);
            List<Double> cpuSeconds = ofEach(results, product, sample -> sample.path("figures")
                    .path("CLIENT_CPU_SECONDS")
                    .asDouble());
            // each run's own, of a process that is new in the first only
            assertThat(cpuSeconds).allMatch(seconds -> seconds > 0);
            assertThat(cpuSeconds.get(2)).as(() -> cpuSeconds.toString()).isLessThan(cpuSeconds.get(0));
        }
        assertThat(Files.readString(output.resolve("report.html"))).contains("Barnabas", "Kafka 3.9 (ZooKeeper)");
        assertThat(output.resolve("report.md")).isNotEmptyFile();
    }

    @Test
    void clientThatCannotMakeARunSaysSoAndLivesUntilItsInputEnds() throws Exception {
        ChildProcess client = lab(LoadClient.class);
        client.tell("--nonsense");
        client.tell("--topic=without-a-cluster --size=100");

        assertThat(client.endInput(60)).as(() -> client.tail(60)).isZero();
        assertThat(Files.readAllLines(client.output()))
                .filteredOn(LoadClient.FAILED::equals)
                .hasSize(2);
    }

    private static <T> List<T> ofEach(JsonNode results, String product, Function<JsonNode, T> what) {
        List<T> all = new ArrayList<>();
        for (JsonNode sample : results.path("samples")) {
            if (sample.path("product").asText().equals(product)) {
                all.add(what.apply(sample));
            }
        }
        return all;
    }

    private ChildProcess lab(Class<?> program, String... arguments) {
        return ChildProcess.lab(
                program.getSimpleName(),
                HOME,
                List.of("-Xmx256m"),
                program,
                List.of(arguments),
                directory.resolve(program.getSimpleName() + ".log"));
    }
}
