// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.config.MemoryConfigStore;
import io.barnabas.broker.config.dynamic.DynamicBrokerConfig;
import io.barnabas.broker.config.key.KeyTable;
import io.barnabas.broker.handler.RequestContext;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.TopicImage;
import io.barnabas.coordination.event.EventLog;
import io.barnabas.coordination.meter.Meters;
import io.barnabas.coordination.store.ConfigEntity;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three APIs against what Apache Kafka 3.9.2 answered to the same questions. */
class ConfigHandlersTest {
    private static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, "t");
    private static final ConfigResource BROKER = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource ALL_BROKERS = new ConfigResource(ConfigResource.Type.BROKER, "");

    private final MemoryConfigStore store = new MemoryConfigStore();
    private final DynamicBrokerConfig config = new DynamicBrokerConfig(
            Map.ofEntries(
                    Map.entry("zookeeper.connect", "127.0.0.1:2181"),
                    Map.entry("broker.id", "1"),
                    Map.entry("listeners", "PLAINTEXT://127.0.0.1:9092"),
                    Map.entry("log.dirs", "/data/logs"),
                    Map.entry("offsets.topic.replication.factor", "1"),
                    Map.entry("log.retention.hours", "100"),
                    Map.entry("num.io.threads", "3"),
                    Map.entry("listener.name.plaintext.max.connections", "77"),
                    Map.entry("ssl.key.password", "geheim"),
                    Map.entry("some.unknown.key", "v"),
                    Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
                    Map.entry("password.encoder.secret", "s3cret")),
            new java.security.SecureRandom());
    private final ClusterImage image = new ClusterImage(
            OptionalInt.of(1), Map.of(), Map.of("t", new TopicImage("t", Uuid.randomUuid(), Map.of())));
    private final List<RequestHandler<?>> handlers = ConfigHandlers.all(
            1, config, store, RequestServices.open(() -> image, InstantSource.system(), new EventLog(), Meters.NONE));

    ConfigHandlersTest() {
        store.put(ConfigEntity.topic("t"), Map.of("retention.ms", "1000", "compression.type", "zstd"));
    }

    @SuppressWarnings("unchecked") // a handler's api() names the class it takes
    private <Q extends AbstractRequest> AbstractResponse ask(Q request) {
        RequestHandler<Q> handler = (RequestHandler<Q>) handlers.stream()
                .filter(candidate -> candidate.api() == request.apiKey())
                .findFirst()
                .orElseThrow();
        CompletionStage<? extends AbstractResponse> answer = handler.handle(request, context(request));
        return answer.toCompletableFuture().join();
    }

    private static RequestContext context(AbstractRequest request) {
        return new RequestContext(
                new RequestHeader(request.apiKey(), request.version(), "test", 1),
                "test",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                "PLAINTEXT",
                SecurityProtocol.PLAINTEXT,
                "unknown",
                "unknown",
                ImmediateEventExecutor.INSTANCE);
    }

    private DescribeConfigsResult describe(ConfigResource resource) {
        DescribeConfigsRequestData data = new DescribeConfigsRequestData()
                .setIncludeSynonyms(true)
                .setIncludeDocumentation(true)
                .setResources(List.of(new DescribeConfigsResource()
                        .setResourceType(resource.type().id())
                        .setResourceName(resource.name())
                        .setConfigurationKeys(null)));
        DescribeConfigsResponse response = (DescribeConfigsResponse)
                ask(new DescribeConfigsRequest(data, ApiKeys.DESCRIBE_CONFIGS.latestVersion()));
        return response.data().results().get(0);
    }

    private List<String> table(ConfigResource resource) {
        TreeMap<String, String> lines = new TreeMap<>();
        for (DescribeConfigsResourceResult entry : describe(resource).configs()) {
            if (!entry.name().startsWith(KeyTable.OWN_PREFIX)) {
                lines.put(entry.name(), line(entry));
            }
        }
        return List.copyOf(lines.values());
    }

    private static String line(DescribeConfigsResourceResult entry) {
        List<String> synonyms = new ArrayList<>();
        for (DescribeConfigsResponseData.DescribeConfigsSynonym synonym : entry.synonyms()) {
            synonyms.add(source(synonym.source()) + ":" + synonym.name() + "=" + synonym.value());
        }
        return String.join(
                "\t",
                entry.name(),
                String.valueOf(entry.value()),
                source(entry.configSource()),
                entry.isSensitive() ? "sensitive" : "-",
                entry.readOnly() ? "read-only" : "-",
                DescribeConfigsResponse.ConfigType.forId(entry.configType()).name(),
                String.join(" ; ", synonyms));
    }

    private static String source(byte id) {
        return DescribeConfigsResponse.ConfigSource.forId(id).source().name();
    }

    private static List<String> golden(String file, String heading) {
        List<String> section = new ArrayList<>();
        boolean inside = false;
        for (String line : new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(ConfigHandlersTest.class.getResourceAsStream(file)),
                        StandardCharsets.UTF_8))
                .lines()
                .toList()) {
            if (line.startsWith("== ")) {
                inside = line.equals("== " + heading);
            } else if (inside) {
                section.add(line);
            }
        }
        return section;
    }

    /** Shows the lines that differ only. */
    private static void assertSame(List<String> ours, List<String> kafkas) {
        List<String> extra = new ArrayList<>(ours);
        extra.removeAll(kafkas);
        List<String> missing = new ArrayList<>(kafkas);
        missing.removeAll(ours);
        assertThat(extra).as("missing: " + missing).isEmpty();
        assertThat(missing).isEmpty();
    }

    @Test
    void describesWhatWasWrittenAtStartAsKafkaDoes() {
        String file = "kafka-3.9.2-describe-static.txt";

        assertSame(table(TOPIC), golden(file, "TOPIC/t"));
        assertSame(table(BROKER), golden(file, "BROKER/1"));
        assertThat(table(ALL_BROKERS)).isEmpty();
    }

    @Test
    void describesWhatWasChangedSinceAsKafkaDoes() {
        config.updateForAll(Map.of("background.threads", "7", "log.retention.ms", "5555", "log.cleaner.threads", "2"));
        config.updateForThis(config.toStored(
                Map.of("background.threads", "8", "listener.name.plaintext.ssl.keystore.password", "pw")));
        String file = "kafka-3.9.2-describe-dynamic.txt";

        assertSame(table(TOPIC), golden(file, "TOPIC/t"));
        assertSame(table(BROKER), golden(file, "BROKER/1"));
        assertThat(table(ALL_BROKERS)).containsExactlyElementsOf(golden(file, "BROKER/"));
    }

    /** Throttles live in dynamic configuration only, and tools give them back as they were told them. */
    @Test
    void describesThrottlesAsNumbersThatEverybodyMaySee() {
        config.updateForAll(Map.of("leader.replication.throttled.rate", "321"));
        config.updateForThis(Map.of(
                "leader.replication.throttled.rate",
                "123",
                "replica.alter.log.dirs.io.max.bytes.per.second",
                "789",
                "producer_byte_rate",
                "5"));

        assertThat(table(BROKER))
                .contains(
                        "leader.replication.throttled.rate\t123\tDYNAMIC_BROKER_CONFIG\t-\tread-only\tLONG\t"
                                + "DYNAMIC_BROKER_CONFIG:leader.replication.throttled.rate=123 ; "
                                + "DYNAMIC_DEFAULT_BROKER_CONFIG:leader.replication.throttled.rate=321",
                        "replica.alter.log.dirs.io.max.bytes.per.second\t789\tDYNAMIC_BROKER_CONFIG\t-\tread-only\tLONG\t"
                                + "DYNAMIC_BROKER_CONFIG:replica.alter.log.dirs.io.max.bytes.per.second=789",
                        "producer_byte_rate\tnull\tDYNAMIC_BROKER_CONFIG\tsensitive\tread-only\tUNKNOWN\t"
                                + "DYNAMIC_BROKER_CONFIG:producer_byte_rate=null");
        assertThat(table(ALL_BROKERS))
                .containsExactly("leader.replication.throttled.rate\t321\tDYNAMIC_DEFAULT_BROKER_CONFIG\t-\tread-only"
                        + "\tLONG\tDYNAMIC_DEFAULT_BROKER_CONFIG:leader.replication.throttled.rate=321");
    }

    /** What a version cannot say must not be set, or the answer cannot be written (an answer's flags, types, sources). */
    @Test
    void answersCanBeWrittenAtEveryVersion() {
        for (short version : ApiKeys.DESCRIBE_CONFIGS.allVersions()) {
            DescribeConfigsRequestData data = new DescribeConfigsRequestData()
                    .setResources(List.of(new DescribeConfigsResource()
                            .setResourceType(BROKER.type().id())
                            .setResourceName("1")
                            .setConfigurationKeys(null)));
            AbstractResponse response = ask(new DescribeConfigsRequest(data, version));

            ByteBuffer written = MessageUtil.toByteBuffer(response.data(), version);
            DescribeConfigsResult result = new DescribeConfigsResponseData(new ByteBufferAccessor(written), version)
                    .results()
                    .get(0);

            assertThat(result.configs()).as("version " + version).anySatisfy(entry -> assertThat(entry.name())
                    .isEqualTo("broker.id"));
        }
    }

    @Test
    void describesLogLevels() {
        ConfigResource loggers = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1");

        assertThat(describe(loggers).configs())
                .extracting(DescribeConfigsResourceResult::name)
                .contains("root", "barnabas.events");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOPIC | nope | UNKNOWN_TOPIC_OR_PARTITION | ''",
                "TOPIC | bad name | INVALID_TOPIC_EXCEPTION | Topic name is invalid: 'bad name' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
                "BROKER | 2 | INVALID_REQUEST | Unexpected broker id, expected 1 or empty string, but received 2",
                "BROKER | x | INVALID_REQUEST | Broker id must be an integer, but it is: x",
                "BROKER_LOGGER | '' | INVALID_REQUEST | Broker id must not be empty",
                "CLIENT_METRICS | m | INVALID_REQUEST | Config type client-metrics is only supported on KRaft clusters",
            })
    void refusesToDescribeAsKafkaDoes(ConfigResource.Type type, String name, Errors error, String message) {
        DescribeConfigsResult result = describe(new ConfigResource(type, name));

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.errorMessage()).isEqualTo(message);
    }

    private String incremental(ConfigResource resource, boolean validateOnly, String... operations) {
        IncrementalAlterConfigsRequestData.AlterConfigsResource altered =
                new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(resource.type().id())
                        .setResourceName(resource.name());
        for (String operation : operations) {
            List<String> parts = List.of(operation.split(" ", 2));
            List<String> pair = List.of(parts.get(1).split("=", 2));
            altered.configs()
                    .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                            .setName(pair.get(0))
                            .setValue(pair.size() > 1 ? pair.get(1) : null)
                            .setConfigOperation(OpType.valueOf(parts.get(0)).id()));
        }
        IncrementalAlterConfigsRequestData data =
                new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
        data.resources().add(altered);
        IncrementalAlterConfigsResponse response =
                (IncrementalAlterConfigsResponse) ask(new IncrementalAlterConfigsRequest(data, (short) 1));
        return outcome(
                response.data().responses().get(0).errorCode(),
                response.data().responses().get(0).errorMessage());
    }

    private static String outcome(short code, String message) {
        Errors error = Errors.forCode(code);
        return error == Errors.NONE ? "OK" : error + ": " + message;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOPIC | t | SET retention.ms=5 | OK",
                "TOPIC | t | SET cleanup.policy=foo | INVALID_CONFIG: Invalid config value for resource ConfigResource(type=TOPIC, name='t'): Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete",
                "TOPIC | t | SET nonsense=5 | INVALID_CONFIG: Unknown topic config name: nonsense",
                "TOPIC | t | SET retention.ms | INVALID_REQUEST: Null value not supported for : retention.ms",
                "TOPIC | t | APPEND retention.ms=5 | INVALID_CONFIG: Config value append is not allowed for config key: retention.ms",
                "TOPIC | t | SUBTRACT retention.ms=5 | INVALID_CONFIG: Config value subtract is not allowed for config key: retention.ms",
                "TOPIC | t | APPEND cleanup.policy=compact | OK",
                "TOPIC | t | DELETE nonsense=5 | OK",
                "TOPIC | t | DELETE retention.ms | OK",
                "TOPIC | t | SET remote.storage.enable=true | INVALID_CONFIG: Invalid config value for resource ConfigResource(type=TOPIC, name='t'): Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.",
                "TOPIC | t | SET remote.log.copy.disable=true | INVALID_CONFIG: It is invalid to set `remote.log.delete.on.disable` or `remote.log.copy.disable` under Zookeeper's mode.",
                "TOPIC | t | SET leader.replication.throttled.replicas=x | INVALID_CONFIG: Invalid config value for resource ConfigResource(type=TOPIC, name='t'): Invalid value [x] for configuration leader.replication.throttled.replicas: leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...",
                "TOPIC | nope | SET retention.ms=5 | UNKNOWN_TOPIC_OR_PARTITION: The topic 'nope' does not exist.",
                "TOPIC | '' | SET retention.ms=5 | INVALID_REQUEST: Default topic resources are not allowed.",
                "BROKER | 1 | SET background.threads=x | INVALID_REQUEST: Invalid value x for configuration background.threads: Not a number of type INT",
                "BROKER | 1 | SET background.threads=100 | INVALID_REQUEST: Invalid value org.apache.kafka.common.config.ConfigException: Dynamic thread count update validation failed for background.threads=100, value should not be greater than double the current value 10 for configuration Invalid dynamic configuration",
                "BROKER | 1 | SET num.io.threads=1 | OK",
                "BROKER | 1 | SET broker.id=5 | INVALID_REQUEST: Cannot update these configs dynamically: Set(broker.id)",
                "BROKER | '' | SET advertised.listeners=PLAINTEXT://x:1 | INVALID_REQUEST: Cannot update these configs at default cluster level, broker id must be specified: Set(advertised.listeners)",
                "BROKER | '' | SET unknown.key=5 | OK",
                "BROKER | 1 | SET log.cleaner.threads=9 | INVALID_REQUEST: log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.",
                "BROKER | 1 | SET min.insync.replicas=0 | INVALID_REQUEST: Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
                "BROKER | 1 | APPEND max.connections=5 | INVALID_CONFIG: Config value append is not allowed for config key: max.connections",
                "BROKER | 2 | SET background.threads=5 | INVALID_REQUEST: Unexpected broker id, expected 1, but received 2",
                "BROKER | x | SET background.threads=5 | INVALID_REQUEST: Node id must be an integer, but it is: x",
                "BROKER_LOGGER | 1 | SET nolog=DEBUG | INVALID_CONFIG: Logger nolog does not exist!",
                "BROKER_LOGGER | 1 | SET root=FOO | INVALID_CONFIG: Cannot set the log level of root to FOO as it is not a supported log level. Valid log levels are DEBUG, ERROR, FATAL, INFO, TRACE, WARN",
                "BROKER_LOGGER | 1 | DELETE root | INVALID_REQUEST: Removing the log level of the root logger is not allowed",
                "BROKER_LOGGER | 1 | APPEND root=INFO | INVALID_REQUEST: APPEND operation is not allowed for the BROKER_LOGGER resource",
                "CLIENT_METRICS | m | SET interval.ms=5 | INVALID_REQUEST: AlterConfigs is only supported for topics and brokers, but resource type is CLIENT_METRICS",
                "UNKNOWN | g | SET x=y | INVALID_REQUEST: Unknown resource type 0",
            })
    void altersOrRefusesAsKafkaDoes(ConfigResource.Type type, String name, String operation, String outcome) {
        assertThat(incremental(new ConfigResource(type, name), false, operation))
                .isEqualTo(outcome);
    }

    @Test
    void refusesAKeyNamedTwice() {
        assertThat(incremental(TOPIC, false, "SET retention.ms=5", "SET retention.ms=6"))
                .isEqualTo("INVALID_REQUEST: Error due to duplicate config keys");
    }

    @Test
    void changesSingleValuesAndAnnouncesIt() {
        String outcome =
                incremental(TOPIC, false, "DELETE retention.ms", "APPEND cleanup.policy=compact", "SET segment.ms=9");

        assertThat(outcome).isEqualTo("OK");
        assertThat(store.valuesOf(ConfigEntity.topic("t")))
                .isEqualTo(Map.of("compression.type", "zstd", "cleanup.policy", "delete,compact", "segment.ms", "9"));
        assertThat(store.announced).containsExactly(ConfigEntity.topic("t"));
    }

    @Test
    void onlyChecksWhenAskedToOnlyCheck() {
        assertThat(incremental(TOPIC, true, "SET retention.ms=5")).isEqualTo("OK");

        assertThat(store.valuesOf(ConfigEntity.topic("t"))).containsEntry("retention.ms", "1000");
        assertThat(store.announced).isEmpty();
    }

    @Test
    void keepsWhatAnotherBrokerWroteMeanwhile() {
        store.beforeNextWrite(() -> store.put(ConfigEntity.topic("t"), Map.of("segment.ms", "7")));

        assertThat(incremental(TOPIC, false, "SET retention.ms=5")).isEqualTo("OK");

        assertThat(store.valuesOf(ConfigEntity.topic("t"))).isEqualTo(Map.of("segment.ms", "7", "retention.ms", "5"));
    }

    @Test
    void storesPasswordsEncrypted() {
        assertThat(incremental(BROKER, false, "SET listener.name.plaintext.ssl.key.password=geheim"))
                .isEqualTo("OK");

        assertThat(store.valuesOf(ConfigEntity.broker(1)).get("listener.name.plaintext.ssl.key.password"))
                .contains("encryptedPassword:")
                .doesNotContain("geheim");
    }

    @Test
    void changesALogLevelAndTakesItBack() {
        ConfigResource loggers = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1");
        String name = "io.barnabas.test.levels";
        org.apache.logging.log4j.LogManager.getLogger(name);

        assertThat(incremental(loggers, false, "SET " + name + "=TRACE")).isEqualTo("OK");
        assertThat(org.apache.logging.log4j.LogManager.getLogger(name).isTraceEnabled())
                .isTrue();

        assertThat(incremental(loggers, false, "DELETE " + name)).isEqualTo("OK");
        assertThat(org.apache.logging.log4j.LogManager.getLogger(name).isTraceEnabled())
                .isFalse();
    }

    @Test
    void theOlderKindReplacesEverything() {
        AlterConfigsRequestData data = new AlterConfigsRequestData();
        data.resources()
                .add(new AlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(TOPIC.type().id())
                        .setResourceName("t")
                        .setConfigs(new AlterConfigsRequestData.AlterableConfigCollection(
                                List.of(new AlterConfigsRequestData.AlterableConfig()
                                                .setName("segment.ms")
                                                .setValue("9"))
                                        .iterator())));

        AlterConfigsResponse response = (AlterConfigsResponse) ask(new AlterConfigsRequest(data, (short) 2));

        assertThat(response.data().responses().get(0).errorCode()).isZero();
        assertThat(store.valuesOf(ConfigEntity.topic("t"))).isEqualTo(Map.of("segment.ms", "9"));
    }
}
