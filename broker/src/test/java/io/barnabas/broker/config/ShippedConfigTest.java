// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.config.key.ConfigFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code conf/} can be used as they are. */
class ShippedConfigTest {
    private static final Path CONF = Path.of("..", "conf");

    @TempDir
    Path logs;

    static List<Path> serverProperties() throws IOException {
        try (Stream<Path> files = Files.walk(CONF)) {
            return files.filter(file -> file.getFileName().toString().matches("server.*\\.properties"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("serverProperties")
    void brokersStartWithThemAndEveryLineHasAnEffect(Path file) {
        ConfigReport report = new ConfigReport(BarnabasConfig.of(ConfigFile.read(file, List.of())));

        assertThat(report.unknownKeys()).isEmpty();
        assertThat(report.withoutEffect()).isEmpty();
    }

    @Test
    void thereAreFourOfThem() throws IOException {
        assertThat(serverProperties()).hasSize(4);
    }

    @Test
    void theThreeMachinesDifferOnlyInWhoTheyAre() {
        List<String> first = lines("server-1.properties", '1');

        assertThat(lines("server-2.properties", '2')).isEqualTo(first);
        assertThat(lines("server-3.properties", '3')).isEqualTo(first);
    }

    private static List<String> lines(String name, char number) {
        return ConfigFile.read(CONF.resolve("three-machines").resolve(name), List.of()).entrySet().stream()
                .filter(entry -> !entry.getKey().equals("zookeeper.connect"))
                .map(entry ->
                        entry.toString().replace("kafka" + number, "kafkaN").replace("id=" + number, "id=N"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"log4j2.properties", "tools-log4j2.properties"})
    void loggingIsSetUp(String name) throws IOException {
        String text = Files.readString(CONF.resolve(name)).replace("${sys:kafka.logs.dir:-logs}", logs.toString());
        ConfigurationSource source = new ConfigurationSource(
                new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                CONF.resolve(name).toFile());
        var configuration = ConfigurationFactory.getInstance().getConfiguration(null, source);
        configuration.initialize();

        assertThat(configuration.getRootLogger().getAppenderRefs()).isNotEmpty().allSatisfy(ref -> assertThat(
                        configuration.<org.apache.logging.log4j.core.Appender>getAppender(ref.getRef()))
                .isNotNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zookeeper.properties", "three-machines/zookeeper.properties"})
    void zooKeepersFilesNameTheirDataAndPort(String name) {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(CONF.resolve(name))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }

        assertThat(properties.stringPropertyNames()).contains("dataDir", "clientPort");
    }
}
