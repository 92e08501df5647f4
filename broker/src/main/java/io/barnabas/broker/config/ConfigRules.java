// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.broker.config.key.ConfigurationException;
import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.coordination.cluster.Endpoint;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.security.auth.KafkaPrincipalSerde;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Utils;

/** The rules that span several keys, in Kafka's order and with Kafka's messages. */
final class ConfigRules {
    private static final long DEDUPE_BYTES_PER_THREAD = 1024L * 1024L;

    private final BarnabasConfig config;
    private final AbstractConfig values;

    private ConfigRules(BarnabasConfig config) {
        this.config = config;
        this.values = config.values();
    }

    /** @throws ConfigurationException at the first rule broken */
    static void check(BarnabasConfig config) {
        ConfigRules rules = new ConfigRules(config);
        rules.checkMode();
        rules.checkIdentity();
        rules.checkLogs();
        rules.checkReplication();
        rules.checkListeners();
        rules.checkControlPlane();
        rules.checkVersions();
        rules.checkSasl();
        rules.checkConnections();
        rules.checkPrincipalBuilder();
        rules.checkGroups();
    }

    private void checkMode() {
        require(
                values.getList("process.roles").isEmpty(),
                "process.roles is set, which asks for KRaft; Barnabas runs in ZooKeeper mode only: remove process.roles"
                        + " and set zookeeper.connect");
        require(
                !values.getBoolean("zookeeper.metadata.migration.enable"),
                "zookeeper.metadata.migration.enable asks for a migration to KRaft, which Barnabas does not take part"
                        + " in: remove it");
        require(
                values.getString("zookeeper.connect") != null,
                "Missing required configuration `zookeeper.connect` which has no default value.");
    }

    private void checkIdentity() {
        IdentityKeys identity = config.identity();
        require(
                identity.brokerId() == values.getInt("node.id"),
                "You must set `node.id` to the same value as `broker.id`.");
        if (identity.generateId()) {
            require(
                    identity.brokerId() >= -1 && identity.brokerId() <= identity.reservedMaxId(),
                    "broker.id must be greater than or equal to -1 and not greater than reserved.broker.max.id");
        } else {
            require(identity.brokerId() >= 0, "broker.id must be greater than or equal to 0");
        }
    }

    private void checkLogs() {
        TopicDefaults defaults = config.topicDefaults();
        require(defaults.rollMs() >= 1, "log.roll.ms must be greater than or equal to 1");
        require(defaults.rollJitterMs() >= 0, "log.roll.jitter.ms must be greater than or equal to 0");
        require(
                defaults.retentionMs() >= 1 || defaults.retentionMs() == -1,
                "log.retention.ms must be unlimited (-1) or, greater than or equal to 1");
        require(
                !config.logManager().directories().isEmpty(),
                "At least one log directory must be defined via log.dirs or log.dir.");
        CleanerKeys cleaner = config.cleaner();
        require(cleaner.threads() > 0, "log.cleaner.threads must be at least 1; log.cleaner.enable=false turns it off");
        require(
                cleaner.dedupeBufferBytes() / cleaner.threads() > DEDUPE_BYTES_PER_THREAD,
                "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.");
    }

    private void checkReplication() {
        ReplicationKeys replication = config.replication();
        require(
                replication.fetchWaitMaxMs() <= replication.socketTimeoutMs(),
                "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary"
                        + " socket timeouts");
        require(
                replication.fetchWaitMaxMs() <= replication.lagTimeMaxMs(),
                "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent"
                        + " frequent changes in ISR");
        short acks = values.getShort("offsets.commit.required.acks");
        require(
                acks >= -1 && acks <= values.getShort("offsets.topic.replication.factor"),
                "offsets.commit.required.acks must be greater or equal to -1 and less or equal to"
                        + " offsets.topic.replication.factor");
    }

    private void checkListeners() {
        ListenerKeys listeners = config.listeners();
        require(
                Utils.isBlank(values.getString("controller.listener.names")),
                "controller.listener.names must be empty when not running in KRaft mode: ["
                        + values.getString("controller.listener.names") + "]");
        require(!listeners.advertised().isEmpty(), "There must be at least one broker advertised listener.");
        Set<String> advertised = names(listeners.advertised());
        Set<String> bound = names(listeners.listeners());
        require(
                advertised.contains(listeners.interBrokerListener()),
                "inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options"
                        + " based on currently configured listeners are " + String.join(",", advertised));
        require(
                bound.containsAll(advertised),
                "advertised.listeners listener names must be equal to or a subset of the ones defined in listeners."
                        + " Found " + String.join(",", advertised)
                        + ". The valid options based on the current configuration are " + String.join(",", bound));
        require(
                listeners.advertised().stream()
                        .noneMatch(endpoint -> endpoint.host().equals("0.0.0.0")),
                "advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.");
        checkEarlyListeners(bound);
    }

    private void checkEarlyListeners(Set<String> bound) {
        String early = values.getString("early.start.listeners");
        for (String listener : early == null ? List.<String>of() : ListenerParser.items(early)) {
            require(
                    bound.contains(ListenerParser.upper(listener)),
                    "early.start.listeners contains listener " + ListenerParser.upper(listener)
                            + ", but this is not contained in listeners or controller.listener.names");
        }
    }

    private void checkControlPlane() {
        ListenerKeys listeners = config.listeners();
        if (listeners.controlPlaneListener().isEmpty()) {
            return;
        }
        String controlPlane = listeners.controlPlaneListener().get();
        Set<String> advertised = names(listeners.advertised());
        require(
                advertised.contains(controlPlane),
                "control.plane.listener.name must be a listener name defined in advertised.listeners. The valid options"
                        + " based on currently configured listeners are " + String.join(",", advertised));
        require(
                !controlPlane.equals(listeners.interBrokerListener()),
                "control.plane.listener.name, when defined, should have a different value from the inter broker"
                        + " listener name. Currently they both have the value " + controlPlane);
    }

    private void checkVersions() {
        ProtocolVersion protocol = config.peers().protocolVersion();
        String written = values.getString("log.message.format.version");
        byte format = ProtocolVersion.parse(written).highestRecordFormat();
        if (!protocol.isAtLeast(ProtocolVersion.IBP_3_0_IV0)) {
            require(
                    protocol.highestRecordFormat() >= format,
                    "log.message.format.version " + written + " can only be used when inter.broker.protocol.version is"
                            + " set to version " + (format == 2 ? "0.11.0" : "0.10.0") + " or higher");
        }
        int codec = values.getInt("offsets.topic.compression.codec");
        if (codec == CompressionType.ZSTD.id) {
            require(
                    protocol.highestRecordFormat() >= ProtocolVersion.IBP_2_1_IV0.highestRecordFormat(),
                    "offsets.topic.compression.codec zstd can only be used when inter.broker.protocol.version is set to"
                            + " version 2.1 or higher");
        }
        require(codec >= 0 && codec <= CompressionType.ZSTD.id, "Unknown compression type id: " + codec);
    }

    private void checkSasl() {
        SecurityProtocol protocol = config.listeners().interBrokerProtocol();
        if (protocol != SecurityProtocol.SASL_PLAINTEXT && protocol != SecurityProtocol.SASL_SSL) {
            return;
        }
        String mechanism = values.getString("sasl.mechanism.inter.broker.protocol");
        require(
                config.peers().protocolVersion().isSaslInterBrokerHandshakeRequestEnabled()
                        || mechanism.equals("GSSAPI"),
                "Only GSSAPI mechanism is supported for inter-broker communication with SASL when"
                        + " inter.broker.protocol.version is set to "
                        + values.getString("inter.broker.protocol.version"));
        require(
                enabledMechanisms().contains(mechanism),
                "sasl.mechanism.inter.broker.protocol must be included in sasl.enabled.mechanisms when SASL is used for"
                        + " inter-broker communication");
    }

    /** Those of the inter-broker listener where it names its own. */
    private List<String> enabledMechanisms() {
        String own = "listener.name." + config.listeners().interBrokerListener().toLowerCase(java.util.Locale.ROOT)
                + ".sasl.enabled.mechanisms";
        Object written = values.originals().get(own);
        return written == null ? values.getList("sasl.enabled.mechanisms") : ListenerParser.items(written.toString());
    }

    private void checkConnections() {
        NetworkKeys network = config.network();
        require(
                network.queuedMaxRequestBytes() <= 0
                        || network.queuedMaxRequestBytes() >= network.socketRequestMaxBytes(),
                "queued.max.request.bytes must be larger or equal to socket.request.max.bytes");
        require(
                network.maxConnectionsPerIp() != 0
                        || !network.maxConnectionsPerIpOverrides().isEmpty(),
                "max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.");
        String invalid = network.maxConnectionsPerIpOverrides().keySet().stream()
                .filter(address -> !Utils.validHostPattern(address))
                .collect(Collectors.joining(","));
        require(invalid.isEmpty(), "max.connections.per.ip.overrides contains invalid addresses : " + invalid);
        require(
                network.connectionsMaxIdleMs() < 0
                        || network.failedAuthenticationDelayMs() < network.connectionsMaxIdleMs(),
                "connection.failed.authentication.delay.ms=" + network.failedAuthenticationDelayMs()
                        + " should always be less than connections.max.idle.ms=" + network.connectionsMaxIdleMs()
                        + " to prevent failed authentication responses from timing out");
    }

    private void checkPrincipalBuilder() {
        Class<?> builder = values.getClass("principal.builder.class");
        require(builder != null, "principal.builder.class must be non-null");
        require(
                KafkaPrincipalSerde.class.isAssignableFrom(builder),
                "principal.builder.class must implement KafkaPrincipalSerde");
    }

    private void checkGroups() {
        List<String> protocols = values.getList("group.coordinator.rebalance.protocols");
        require(protocols.contains("classic"), "Disabling the 'classic' protocol is not supported.");
        require(
                !protocols.contains("consumer"),
                "The new 'consumer' rebalance protocol is only supported in KRaft cluster.");
        require(!protocols.contains("share"), "The new 'share' rebalance protocol is only supported in KRaft cluster.");
    }

    private static Set<String> names(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::listener).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ConfigurationException(otherwise);
        }
    }
}
