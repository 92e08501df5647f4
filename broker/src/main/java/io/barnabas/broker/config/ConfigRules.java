// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/** The rules that span several keys, with Kafka's messages. */
final class ConfigRules {
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
        rules.checkReplication();
    }

    private void checkMode() {
        require(
                values.getList("process.roles").isEmpty(),
                "process.roles is set, which asks for KRaft; Barnabas runs in ZooKeeper mode only: remove process.roles"
                        + " and set zookeeper.connect");
        require(
                values.getString("zookeeper.connect") != null,
                "Missing required configuration `zookeeper.connect` which has no default value.");
    }

    private void checkIdentity() {
        BrokerIdentity identity = config.identity();
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

    private void checkReplication() {
        ReplicationConfig replication = config.replication();
        require(
                replication.fetchWaitMaxMs() <= replication.socketTimeoutMs(),
                "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary"
                        + " socket timeouts");
        require(
                replication.fetchWaitMaxMs() <= replication.lagTimeMaxMs(),
                "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent"
                        + " frequent changes in ISR");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ConfigurationException(otherwise);
        }
    }
}
