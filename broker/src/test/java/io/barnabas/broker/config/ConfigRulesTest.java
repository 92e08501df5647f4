// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.config.key.ConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka 3.9.2 refuses, with its words; collected by trying each on the original. */
class ConfigRulesTest {
    private static String[] pairs(String settings) {
        return settings.isEmpty() ? new String[0] : settings.split("[=;]", -1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broker.id=5;node.id=6 | You must set `node.id` to the same value as `broker.id`.",
                "broker.id=1001 | broker.id must be greater than or equal to -1 and not greater than reserved.broker.max.id",
                "broker.id.generation.enable=false | broker.id must be greater than or equal to 0",
                "log.roll.ms=0 | log.roll.ms must be greater than or equal to 1",
                "log.roll.jitter.ms=-1 | log.roll.jitter.ms must be greater than or equal to 0",
                "log.retention.hours=0 | log.retention.ms must be unlimited (-1) or, greater than or equal to 1",
                "log.dirs=, | At least one log directory must be defined via log.dirs or log.dir.",
                "log.cleaner.threads=200 | log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.",
                "replica.lag.time.max.ms=100 | replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR",
                "replica.fetch.wait.max.ms=40000 | replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts",
                "listeners= | There must be at least one broker advertised listener.",
                "listeners=PLAINTEXT://:9092,PLAINTEXT://:9093 | Each listener must have a different name, listeners: PLAINTEXT://:9092,PLAINTEXT://:9093",
                "listeners=FOO://:9092 | Error creating broker listeners from 'FOO://:9092': No security protocol defined for listener FOO",
                "listeners=PLAINTEXT:9092 | Error creating broker listeners from 'PLAINTEXT:9092': Unable to parse PLAINTEXT:9092 to a broker endpoint",
                "advertised.listeners=SSL://h:9092 | inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are SSL",
                "advertised.listeners=PLAINTEXT://h:1,SSL://h:2 | advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. Found PLAINTEXT,SSL. The valid options based on the current configuration are PLAINTEXT",
                "listeners=PLAINTEXT://0.0.0.0:9092 | advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.",
                "inter.broker.listener.name=PLAINTEXT;security.inter.broker.protocol=PLAINTEXT | Only one of inter.broker.listener.name and security.inter.broker.protocol should be set.",
                "inter.broker.listener.name=FOO | Listener with name FOO defined in inter.broker.listener.name not found in listener.security.protocol.map.",
                "listener.security.protocol.map=A:FOO | Invalid security protocol `FOO` defined in listener.security.protocol.map",
                "control.plane.listener.name=SSL | control.plane.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are PLAINTEXT",
                "controller.listener.names=X | controller.listener.names must be empty when not running in KRaft mode: [X]",
                "log.message.format.version=2.0;inter.broker.protocol.version=0.10.2 | log.message.format.version 2.0 can only be used when inter.broker.protocol.version is set to version 0.11.0 or higher",
                "inter.broker.protocol.version=5.0 | Invalid value 5.0 for configuration inter.broker.protocol.version: Version 5.0 is not a valid version",
                "offsets.topic.compression.codec=7 | Unknown compression type id: 7",
                "security.inter.broker.protocol=SASL_PLAINTEXT;listeners=SASL_PLAINTEXT://:9092;sasl.mechanism.inter.broker.protocol=PLAIN | sasl.mechanism.inter.broker.protocol must be included in sasl.enabled.mechanisms when SASL is used for inter-broker communication",
                "queued.max.request.bytes=100 | queued.max.request.bytes must be larger or equal to socket.request.max.bytes",
                "max.connections.per.ip=0 | max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.",
                "max.connections.per.ip.overrides=a?b:1 | max.connections.per.ip.overrides contains invalid addresses : a?b",
                "connections.max.idle.ms=50 | connection.failed.authentication.delay.ms=100 should always be less than connections.max.idle.ms=50 to prevent failed authentication responses from timing out",
                "principal.builder.class=java.lang.String | principal.builder.class must implement KafkaPrincipalSerde",
                "group.coordinator.rebalance.protocols=classic,consumer | The new 'consumer' rebalance protocol is only supported in KRaft cluster.",
                "early.start.listeners=X | early.start.listeners contains listener X, but this is not contained in listeners or controller.listener.names",
                "offsets.commit.required.acks=5 | offsets.commit.required.acks must be greater or equal to -1 and less or equal to offsets.topic.replication.factor",
                "num.io.threads=0 | Invalid value 0 for configuration num.io.threads: Value must be at least 1",
                "num.io.threads=x | Invalid value x for configuration num.io.threads: Not a number of type INT",
                "create.topic.policy.class.name=nope | Invalid value nope for configuration create.topic.policy.class.name: Class nope could not be found.",
            })
    void refusesWithKafkasWords(String settings, String message) {
        assertThatThrownBy(() -> BarnabasConfigTest.configOf(pairs(settings)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node.id=5",
                "log.retention.ms=-2",
                "listeners=PLAINTEXT://127.0.0.1:9092,SSL://[::1]:9092",
                "listeners=plaintext://:9092",
                "listeners=PLAINTEXT://:9092,SSL://:9093;advertised.listeners=PLAINTEXT://h:9092,SSL://h:9092",
                "inter.broker.listener.name=plaintext",
                "inter.broker.protocol.version=3.9.2",
                "inter.broker.protocol.version=4.0-IV0",
                "connections.max.idle.ms=-1",
                "max.connections.per.ip=0;max.connections.per.ip.overrides=127.0.0.1:5",
                "log.cleanup.policy=",
                "remote.log.storage.system.enable=true",
            })
    void acceptsWhatKafkaAccepts(String settings) {
        assertThatCode(() -> BarnabasConfigTest.configOf(pairs(settings))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "process.roles=broker",
                "zookeeper.metadata.migration.enable=true",
                "log.cleaner.threads=0",
                "listeners=PLAINTEXT://:70000",
                "listener.security.protocol.map=PLAINTEXT",
            })
    void refusesInOneLineWhatCannotBeHere(String settings) {
        assertThatThrownBy(() -> BarnabasConfigTest.configOf(pairs(settings)))
                .isInstanceOf(ConfigurationException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(settings.substring(0, settings.indexOf('=')))
                        .doesNotContain("\n"));
    }
}
