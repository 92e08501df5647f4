// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import io.barnabas.coordination.store.BrokerRegistration;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.FeatureSettings;
import io.barnabas.coordination.store.ProducerIdBlock;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.TopicRecord;
import io.barnabas.coordination.store.error.StoreDataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** What is written is, byte for byte, what Kafka 3.9.2 writes; what older versions wrote is read. */
class CodecGoldenTest {
    private static final String OFFSETS =
            "{\"partitions\":{\"44\":[1,2,3],\"45\":[2,1,3],\"46\":[3,2,1],\"47\":[1,3,2],"
                    + "\"48\":[2,3,1],\"49\":[3,1,2],\"10\":[3,2,1],\"11\":[1,3,2],\"12\":[2,3,1],\"13\":[3,1,2],\"14\":[1,2,3],"
                    + "\"15\":[2,1,3],\"16\":[3,2,1],\"17\":[1,3,2],\"18\":[2,3,1],\"19\":[3,1,2],\"0\":[2,3,1],\"1\":[3,1,2],"
                    + "\"2\":[1,2,3],\"3\":[2,1,3],\"4\":[3,2,1],\"5\":[1,3,2],\"6\":[2,3,1],\"7\":[3,1,2],\"8\":[1,2,3],"
                    + "\"9\":[2,1,3],\"20\":[1,2,3],\"21\":[2,1,3],\"22\":[3,2,1],\"23\":[1,3,2],\"24\":[2,3,1],\"25\":[3,1,2],"
                    + "\"26\":[1,2,3],\"27\":[2,1,3],\"28\":[3,2,1],\"29\":[1,3,2],\"30\":[2,3,1],\"31\":[3,1,2],\"32\":[1,2,3],"
                    + "\"33\":[2,1,3],\"34\":[3,2,1],\"35\":[1,3,2],\"36\":[2,3,1],\"37\":[3,1,2],\"38\":[1,2,3],\"39\":[2,1,3],"
                    + "\"40\":[3,2,1],\"41\":[1,3,2],\"42\":[2,3,1],\"43\":[3,1,2]},\"topic_id\":\"VgTi1mHTRBq698_euxCnhg\","
                    + "\"adding_replicas\":{},\"removing_replicas\":{},\"version\":3}";

    private static final List<Endpoint> TWO_ENDPOINTS = List.of(
            new Endpoint("CLIENT", SecurityProtocol.PLAINTEXT, "h1", 9092),
            new Endpoint("REPL", SecurityProtocol.SSL, "::1", 9093));

    private static String text(byte[] data) {
        return new String(data, UTF_8);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(UTF_8);
    }

    @Test
    void writesABrokersRegistrationAsTheReferenceClusterDid() {
        BrokerRegistration broker = BrokerRegistration.of(
                1,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9192)),
                Optional.of("r1"));
        assertThat(text(BrokerCodec.encode(broker, 1795255914090L)))
                .isEqualTo("{\"features\":{},\"listener_security_protocol_map\":{\"PLAINTEXT\":\"PLAINTEXT\"},"
                        + "\"endpoints\":[\"PLAINTEXT://127.0.0.1:9192\"],\"rack\":\"r1\",\"jmx_port\":-1,\"port\":9192,"
                        + "\"host\":\"127.0.0.1\",\"version\":5,\"timestamp\":\"1795255914090\"}");
    }

    @Test
    void writesTheRegistrationFormatsOfOlderProtocolVersions() {
        String endpoints = "\"endpoints\":[\"CLIENT://h1:9092\",\"REPL://[::1]:9093\"],";
        String rest = "\"port\":9092,\"host\":\"h1\",";
        assertThat(text(BrokerCodec.encode(registration(4, Optional.of("r1")), 7)))
                .isEqualTo("{\"listener_security_protocol_map\":{\"CLIENT\":\"PLAINTEXT\",\"REPL\":\"SSL\"},"
                        + endpoints + "\"rack\":\"r1\",\"jmx_port\":99," + rest + "\"version\":4,\"timestamp\":\"7\"}");
        assertThat(text(BrokerCodec.encode(registration(2, Optional.of("r1")), 7)))
                .isEqualTo("{" + endpoints + "\"jmx_port\":99," + rest + "\"version\":2,\"timestamp\":\"7\"}");
    }

    private static BrokerRegistration registration(int format, Optional<String> rack) {
        return new BrokerRegistration(1, TWO_ENDPOINTS, rack, Map.of(), 99, format);
    }

    @Test
    void writesNoAddressForOldClientsWithoutAPlaintextListener() {
        BrokerRegistration broker = BrokerRegistration.of(
                1, List.of(new Endpoint("SSL", SecurityProtocol.SSL, "", 9094)), Optional.empty());
        assertThat(text(BrokerCodec.encode(broker, 1)))
                .isEqualTo("{\"features\":{},\"listener_security_protocol_map\":{\"SSL\":\"SSL\"},"
                        + "\"endpoints\":[\"SSL://:9094\"],\"jmx_port\":-1,\"port\":-1,\"host\":null,\"version\":5,"
                        + "\"timestamp\":\"1\"}");
    }

    @Test
    void readsBackWhatItWroteInEveryRegistrationFormat() {
        for (int format : new int[] {4, 5}) {
            BrokerRegistration broker = registration(format, Optional.of("r1"));
            assertThat(BrokerCodec.decode(1, BrokerCodec.encode(broker, 3))).isEqualTo(broker);
        }
    }

    @Test
    void readsRegistrationsOfAllVersionsKafkaEverWrote() {
        Endpoint plaintext = new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "localhost", 9092);
        assertThat(BrokerCodec.decode(
                                3,
                                bytes("{\"version\":1,\"host\":\"localhost\",\"port\":9092,\"jmx_port\":9999,"
                                        + "\"timestamp\":\"2233345666\"}"))
                        .endpoints())
                .containsExactly(plaintext);
        BrokerRegistration third = BrokerCodec.decode(
                3,
                bytes("{\"version\":3,\"host\":\"localhost\",\"port\":9092,\"jmx_port\":9999,\"timestamp\":\"2\","
                        + "\"endpoints\":[\"PLAINTEXT://localhost:9092\",\"SSL://[::1]:9093\"],\"rack\":\"dc1\"}"));
        assertThat(third.endpoints())
                .containsExactly(plaintext, new Endpoint("SSL", SecurityProtocol.SSL, "::1", 9093));
        assertThat(third.rack()).contains("dc1");
        BrokerRegistration fifth = BrokerCodec.decode(
                3,
                bytes("{\"version\":5,\"host\":null,\"port\":-1,\"jmx_port\":-1,\"timestamp\":\"2\","
                        + "\"endpoints\":[\"REPL://h:1\"],\"listener_security_protocol_map\":{\"REPL\":\"SASL_SSL\"},"
                        + "\"rack\":null,\"features\":{\"f\":{\"min_version\":1,\"max_version\":3}}}"));
        assertThat(fifth.supportedFeatures())
                .isEqualTo(Map.of("f", Map.of("min_version", (short) 1, "max_version", (short) 3)));
        assertThat(fifth.endpoints().get(0).securityProtocol()).isEqualTo(SecurityProtocol.SASL_SSL);
        assertThat(fifth.rack()).isEmpty();
    }

    @Test
    void writesTopicsInTheOrderKafkaDoes() {
        TopicRecord offsets = TopicCodec.decode("__consumer_offsets", bytes(OFFSETS), 4);
        assertThat(offsets.partitions()).hasSize(50);
        assertThat(offsets.version()).isEqualTo(4);
        assertThat(text(TopicCodec.encode(offsets))).isEqualTo(OFFSETS);
    }

    @Test
    void writesReassignmentsUnderWay() {
        Map<Integer, ReplicaAssignment> partitions = new TreeMap<>();
        partitions.put(0, ReplicaAssignment.of(List.of(1, 2)));
        partitions.put(3, new ReplicaAssignment(List.of(1, 2, 3), List.of(3), List.of(1)));
        TopicRecord topic = new TopicRecord("t", Optional.empty(), new TreeMap<>(partitions), 0);
        String json = "{\"partitions\":{\"0\":[1,2],\"3\":[1,2,3]},\"adding_replicas\":{\"3\":[3]},"
                + "\"removing_replicas\":{\"3\":[1]},\"version\":3}";
        assertThat(text(TopicCodec.encode(topic))).isEqualTo(json);
        assertThat(TopicCodec.decode("t", bytes(json), 0)).isEqualTo(topic);
    }

    @Test
    void readsTopicsOfOlderVersions() {
        TopicRecord first = TopicCodec.decode("t", bytes("{\"version\":1,\"partitions\":{\"0\":[3,1]}}"), 2);
        assertThat(first.id()).isEmpty();
        assertThat(first.partitions()).containsEntry(0, ReplicaAssignment.of(List.of(3, 1)));
        TopicRecord second = TopicCodec.decode(
                "t", bytes("{\"version\":2,\"partitions\":{\"0\":[3,1]},\"adding_replicas\":{\"0\":[3]}}"), 2);
        assertThat(second.partitions().get(0).adding()).containsExactly(3);
        assertThat(TopicCodec.decode("t", bytes(OFFSETS), 0).id()).contains(Uuid.fromString("VgTi1mHTRBq698_euxCnhg"));
    }

    @Test
    void writesPartitionStates() {
        LeaderAndIsr state = new LeaderAndIsr(2, 0, List.of(2, 3, 1), LeaderRecoveryState.RECOVERED, 5);
        String json = "{\"controller_epoch\":1,\"leader\":2,\"version\":1,\"leader_epoch\":0,\"isr\":[2,3,1]}";
        assertThat(text(PartitionStateCodec.encode(new StoredPartitionState(state, 1))))
                .isEqualTo(json);
        assertThat(PartitionStateCodec.decode("/p", bytes(json), 5)).isEqualTo(new StoredPartitionState(state, 1));

        LeaderAndIsr recovering = new LeaderAndIsr(2, 7, List.of(1), LeaderRecoveryState.RECOVERING, 0);
        String recoveringJson = "{\"controller_epoch\":9,\"leader\":2,\"version\":1,\"leader_recovery_state\":1,"
                + "\"leader_epoch\":7,\"isr\":[1]}";
        assertThat(text(PartitionStateCodec.encode(new StoredPartitionState(recovering, 9))))
                .isEqualTo(recoveringJson);
        assertThat(PartitionStateCodec.decode("/p", bytes(recoveringJson), 0).leaderAndIsr())
                .isEqualTo(recovering);
    }

    @Test
    void keepsFieldsOfAConfigurationItDoesNotKnow() {
        String json = "{\"version\":1,\"config\":{\"retention.ms\":\"86400000\"},\"owner\":{\"team\":[1,\"x\"]}}";
        ConfigRecord config = ConfigCodec.decode("/config/topics/t", bytes(json), 3);
        assertThat(config.values()).isEqualTo(Map.of("retention.ms", "86400000"));
        assertThat(text(ConfigCodec.encode(config))).isEqualTo(json);
        assertThat(ConfigCodec.decode("/config/users/alice", null, 0).values()).isEmpty();
    }

    @Test
    void writesConfigurationInKafkasOrder() {
        ConfigRecord config = ConfigRecord.ABSENT.withValues(
                Map.of("compression.type", "producer", "cleanup.policy", "compact", "segment.bytes", "104857600"));
        assertThat(text(ConfigCodec.encode(config)))
                .isEqualTo(
                        "{\"version\":1,\"config\":{\"compression.type\":\"producer\",\"cleanup.policy\":\"compact\","
                                + "\"segment.bytes\":\"104857600\"}}");
    }

    @Test
    void readsConfigurationChangesOfBothVersionsAndSkipsOthers() {
        ConfigEntity alice = new ConfigEntity("users/alice/clients/c1");
        String json = "{\"version\":2,\"entity_path\":\"users/alice/clients/c1\"}";
        assertThat(text(ConfigCodec.encodeChange(alice))).isEqualTo(json);
        assertThat(ConfigCodec.decodeChange("/c", bytes(json))).contains(alice);
        assertThat(ConfigCodec.decodeChange(
                        "/c", bytes("{\"version\":1,\"entity_type\":\"topics\",\"entity_name\":\"t\"}")))
                .contains(ConfigEntity.topic("t"));
        assertThat(ConfigCodec.decodeChange("/c", bytes("{\"version\":3,\"x\":1}")))
                .isEmpty();
    }

    @Test
    void writesTheControllerAndItsEpoch() {
        assertThat(text(ControllerCodec.encode(1, 1795255914400L)))
                .isEqualTo(
                        "{\"version\":2,\"brokerid\":1,\"timestamp\":\"1795255914400\",\"kraftControllerEpoch\":-1}");
        assertThat(ControllerCodec.decode(bytes("{\"version\":1,\"brokerid\":4,\"timestamp\":\"1\"}")))
                .isEqualTo(4);
        assertThat(text(ControllerCodec.encodeEpoch(12))).isEqualTo("12");
        assertThat(ControllerCodec.decodeEpoch(bytes("12"), 13)).isEqualTo(new ControllerEpoch(12, 13));
    }

    @Test
    void writesFeaturesInBothFormats() {
        FeatureSettings none = new FeatureSettings(2, true, Map.of(), 0);
        assertThat(text(FeatureCodec.encode(none))).isEqualTo("{\"features\":{},\"version\":2,\"status\":1}");
        FeatureSettings one = new FeatureSettings(1, true, Map.of("feat", (short) 4), 0);
        String json = "{\"features\":{\"feat\":{\"max_version_level\":4,\"min_version_level\":4}},\"version\":1,"
                + "\"status\":1}";
        assertThat(text(FeatureCodec.encode(one))).isEqualTo(json);
        assertThat(FeatureCodec.decode(bytes(json), 0)).isEqualTo(one);
    }

    @Test
    void writesTheSmallNodes() {
        assertThat(text(ClusterIdCodec.encode("1_iNJqEWQyC9wc0hFf3yfQ")))
                .isEqualTo("{\"version\":\"1\",\"id\":\"1_iNJqEWQyC9wc0hFf3yfQ\"}");
        ProducerIdBlock block = new ProducerIdBlock(2, 1000, 1999);
        String ids = "{\"version\":1,\"broker\":2,\"block_start\":\"1000\",\"block_end\":\"1999\"}";
        assertThat(text(ProducerIdCodec.encode(block))).isEqualTo(ids);
        assertThat(ProducerIdCodec.decode(bytes(ids))).isEqualTo(block);
        assertThat(text(LogDirEventCodec.encode(3))).isEqualTo("{\"version\":1,\"broker\":3,\"event\":1}");
        assertThat(text(PartitionListCodec.encode(List.of(new TopicPartition("a", 1)))))
                .isEqualTo("{\"version\":1,\"partitions\":[{\"topic\":\"a\",\"partition\":1}]}");
    }

    @Test
    void readsAndWritesTheLegacyReassignment() {
        Map<TopicPartition, List<Integer>> wanted = new LinkedHashMap<>();
        wanted.put(new TopicPartition("a", 1), List.of(3, 2));
        String json = "{\"version\":1,\"partitions\":[{\"topic\":\"a\",\"partition\":1,\"replicas\":[3,2]}]}";
        assertThat(text(PartitionListCodec.encodeReassignment(wanted))).isEqualTo(json);
        assertThat(PartitionListCodec.decodeReassignment("/r", bytes(json))).isEqualTo(wanted);
    }

    @Test
    void namesThePathOfWhatItCannotUnderstand() {
        assertThatThrownBy(() -> TopicCodec.decode("t", bytes("[1]"), 0))
                .isInstanceOf(StoreDataException.class)
                .hasMessageContaining("/brokers/topics/t");
        assertThatThrownBy(() -> PartitionStateCodec.decode("/x/state", bytes("{\"leader\":1}"), 0))
                .isInstanceOf(StoreDataException.class)
                .hasMessageContaining("leader_epoch");
    }
}
