// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.barnabas.lab.process.BrokerKind;
import io.barnabas.lab.process.ClusterProcesses;
import io.barnabas.lab.process.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Apache Kafka keeps in ZooKeeper besides topics is there untouched after Barnabas has run on the same tree: configs of
 * every entity, client quotas, SCRAM users, ACLs, delegation tokens; and Barnabas reads what it acts on.
 */
@Tag("referee")
class KeptTreeIT {
    private static final Map<String, String> SINGLE =
            Map.of("default.replication.factor", "1", "min.insync.replicas", "1");

    /** What only the brokers that are there now have written. */
    private static final Pattern OF_THE_MOMENT = Pattern.compile(
            "/brokers/(ids|seqid)(/.*)?|/controller(_epoch)?|/brokers/topics/.*/state|/config/changes/.*|/latest_producer_id_block");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void whatKafkaWroteIsKeptAndRead() throws Exception {
        try (ClusterProcesses cluster = new ClusterProcesses(directory, SINGLE)) {
            cluster.startZooKeeper();
            try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zooKeeperConnect())) {
                int saslPort = FreePorts.next();
                cluster.launchBroker(1, BrokerKind.KAFKA, secured(cluster, saslPort));
                cluster.awaitBroker(1);
                write(cluster.bootstrap(), "127.0.0.1:" + saslPort);
                TreeMap<String, String> before = kept(tree);
                assertThat(before.keySet())
                        .anyMatch(path -> path.startsWith("/config/users/alice"))
                        .anyMatch(path -> path.startsWith("/config/ips/"))
                        .anyMatch(path -> path.startsWith("/kafka-acl/Topic/"))
                        .anyMatch(path -> path.startsWith("/kafka-acl-extended/prefixed/"))
                        .anyMatch(path -> path.startsWith("/delegation_token/tokens/"));
                assertThat(cluster.broker(1).terminate(60)).isIn(0, 143);

                cluster.launchBroker(1, BrokerKind.BARNABAS, Map.of());
                cluster.awaitBroker(1);
                await().atMost(Duration.ofSeconds(30)).until(() -> tree.exists("/brokers/ids/1"));
                readAndGoOn(cluster.bootstrap());
                assertThat(cluster.broker(1).terminate(60)).isIn(0, 143);

                TreeMap<String, String> after = kept(tree);
                after.keySet().removeIf(path -> path.contains("/ours"));
                assertThat(after).isEqualTo(before);

                cluster.launchBroker(1, BrokerKind.KAFKA, secured(cluster, saslPort));
                cluster.awaitBroker(1);
                kafkaReadsBoth(cluster.bootstrap());
            }
        }
    }

    private static Map<String, String> secured(ClusterProcesses cluster, int saslPort) {
        String login =
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\"a\""
                        + " user_admin=\"a\";";
        return Map.of(
                "listeners", "PLAINTEXT://" + cluster.address(1) + ",SASL_PLAINTEXT://127.0.0.1:" + saslPort,
                "sasl.enabled.mechanisms", "PLAIN",
                "listener.name.sasl_plaintext.plain.sasl.jaas.config", login,
                "authorizer.class.name", "kafka.security.authorizer.AclAuthorizer",
                "super.users", "User:ANONYMOUS;User:admin",
                "delegation.token.secret.key", "secret");
    }

    private static void write(String bootstrap, String saslBootstrap) throws Exception {
        try (Admin admin = admin(Map.of("bootstrap.servers", bootstrap))) {
            get(admin.createTopics(
                            List.of(new NewTopic("kept", 2, (short) 1).configs(Map.of("max.message.bytes", "7777777"))))
                    .all());
            set(admin, new ConfigResource(ConfigResource.Type.BROKER, ""), "log.cleaner.threads", "2");
            set(admin, new ConfigResource(ConfigResource.Type.BROKER, "1"), "background.threads", "7");
            get(admin.alterClientQuotas(List.of(
                            quota(Map.of("user", "alice"), "producer_byte_rate", 1024),
                            quota(named("user", null), "consumer_byte_rate", 2048),
                            quota(Map.of("user", "a b/c%", "client-id", "x"), "request_percentage", 12.5),
                            quota(Map.of("client-id", "y"), "controller_mutation_rate", 3),
                            quota(Map.of("ip", "10.0.0.1"), "connection_creation_rate", 9)))
                    .all());
            get(admin.alterUserScramCredentials(List.of(
                            new UserScramCredentialUpsertion(
                                    "alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "secret"),
                            new UserScramCredentialUpsertion(
                                    "bob", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8192), "secret")))
                    .all());
            get(admin.createAcls(List.of(
                            acl("kept", PatternType.LITERAL, "User:alice"),
                            acl("*", PatternType.LITERAL, "User:*"),
                            acl("pre", PatternType.PREFIXED, "User:bob")))
                    .all());
        }
        Map<String, Object> sasl = Map.of(
                "bootstrap.servers", saslBootstrap,
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\"a\";");
        try (Admin admin = admin(sasl)) {
            get(admin.createDelegationToken().delegationToken());
        }
    }

    /** Reads what Kafka wrote, and writes beside it. */
    private static void readAndGoOn(String bootstrap) throws Exception {
        try (Admin admin = admin(Map.of("bootstrap.servers", bootstrap))) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "kept");
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            await("Kafka's configs to be read")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        Map<ConfigResource, Config> configs = admin.describeConfigs(List.of(topic, broker))
                                .all()
                                .get(10, TimeUnit.SECONDS);
                        assertThat(configs.get(topic).get("max.message.bytes").value())
                                .isEqualTo("7777777");
                        assertThat(configs.get(broker).get("background.threads").value())
                                .isEqualTo("7");
                        assertThat(configs.get(broker)
                                        .get("log.cleaner.threads")
                                        .value())
                                .isEqualTo("2");
                    });
            get(admin.createTopics(List.of(new NewTopic("ours", 1, (short) 1).configs(Map.of("retention.ms", "5000"))))
                    .all());
            set(admin, new ConfigResource(ConfigResource.Type.TOPIC, "ours"), "retention.ms", "6000");
        }
    }

    /** What Barnabas wrote, and what it only kept. */
    private static void kafkaReadsBoth(String bootstrap) throws Exception {
        try (Admin admin = admin(Map.of("bootstrap.servers", bootstrap))) {
            ConfigResource ours = new ConfigResource(ConfigResource.Type.TOPIC, "ours");
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            Map<ConfigResource, Config> configs = await("Kafka to know all topics")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(
                            () -> admin.describeConfigs(List.of(ours, broker))
                                    .all()
                                    .get(10, TimeUnit.SECONDS),
                            found -> found.size() == 2);
            assertThat(configs.get(ours).get("retention.ms").value()).isEqualTo("6000");
            assertThat(configs.get(broker).get("background.threads").value()).isEqualTo("7");
            assertThat(admin.describeUserScramCredentials().all().get(30, TimeUnit.SECONDS))
                    .containsOnlyKeys("alice", "bob");
            assertThat(admin.describeClientQuotas(ClientQuotaFilter.all())
                            .entities()
                            .get(30, TimeUnit.SECONDS))
                    .hasSize(5);
            assertThat(admin.describeAcls(AclBindingFilter.ANY).values().get(30, TimeUnit.SECONDS))
                    .hasSize(3);
        }
    }

    private static TreeMap<String, String> kept(ZooKeeperTree tree) throws Exception {
        return tree.read().entrySet().stream()
                .filter(each -> !OF_THE_MOMENT.matcher(each.getKey()).matches())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> each.getValue().version() + " "
                                + each.getValue().data(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static Admin admin(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("default.api.timeout.ms", 30_000);
        return Admin.create(all);
    }

    private static void set(Admin admin, ConfigResource resource, String key, String value) throws Exception {
        AlterConfigOp operation = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        get(admin.incrementalAlterConfigs(Map.of(resource, List.of(operation))).all());
    }

    private static Map<String, String> named(String type, String name) {
        Map<String, String> entity = new HashMap<>();
        entity.put(type, name);
        return entity;
    }

    private static ClientQuotaAlteration quota(Map<String, String> entity, String key, double value) {
        return new ClientQuotaAlteration(
                new ClientQuotaEntity(entity), List.of(new ClientQuotaAlteration.Op(key, value)));
    }

    private static AclBinding acl(String topic, PatternType pattern, String principal) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, pattern),
                new AccessControlEntry(principal, "*", AclOperation.READ, AclPermissionType.ALLOW));
    }

    private static void get(KafkaFuture<?> future) throws Exception {
        future.get(30, TimeUnit.SECONDS);
    }
}
