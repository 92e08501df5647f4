// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.config.BarnabasConfigTest;
import io.barnabas.broker.config.ConfigReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    Path directory;

    @Test
    void overridesBeatTheFile() throws IOException {
        Path file =
                Files.writeString(directory.resolve("server.properties"), "broker.id=1\nlisteners = PLAINTEXT://:1 \n");

        Map<String, String> read = ConfigFile.read(file, List.of("broker.id=7", "a=b=c"));

        assertThat(read)
                .containsOnly(
                        Map.entry("broker.id", "7"), Map.entry("listeners", "PLAINTEXT://:1"), Map.entry("a", "b=c"));
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = directory.resolve("nowhere.properties");

        assertThatThrownBy(() -> ConfigFile.read(file, List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void anOverrideWithoutEqualsIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("server.properties"), "");

        assertThatThrownBy(() -> ConfigFile.read(file, List.of("broker.id")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("--override broker.id is not key=value");
    }

    @Test
    void theReportHidesSecretsAndNamesWhatNobodyKnows() {
        ConfigReport report = new ConfigReport(BarnabasConfigTest.configOf(
                "ssl.key.password", "geheim",
                "listener.name.plaintext.ssl.key.password", "geheim",
                "num.netwrok.threads", "3",
                "controller.quorum.voters", "1@h:1"));

        assertThat(report.values()).contains("\n\tssl.key.password = [hidden]").doesNotContain("geheim");
        assertThat(report.unknownKeys()).containsExactly("num.netwrok.threads");
        assertThat(report.withoutEffect()).containsOnlyKeys("controller.quorum.voters", "ssl.key.password");
    }
}
