// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import java.util.List;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;

/** The settings every ZooKeeper client of this process is made with. */
final class ClientConfig {
    /** Kafka's own: 4 MB, so that long lists of children come through (KAFKA-13270). */
    private static final String JUTE_MAX_BUFFER = Integer.toString(4096 * 1024);

    private ClientConfig() {}

    static ZKClientConfig create() {
        ZKClientConfig config = Boolean.getBoolean(ZKClientConfig.SECURE_CLIENT) ? new ZKClientConfig() : new Plain();
        if (config.getProperty(ZKClientConfig.JUTE_MAXBUFFER) == null) {
            config.setProperty(ZKClientConfig.JUTE_MAXBUFFER, JUTE_MAX_BUFFER);
        }
        return config;
    }

    /**
     * For a connection without TLS. ZooKeeper's own asks for the names of TLS's settings in any case, and the class that
     * knows them reads the JVM's store of trusted certificates first: a fifth of a second at each start.
     */
    private static final class Plain extends ZKClientConfig {
        /** The system properties that ZooKeeper's own takes over, without TLS's. */
        private static final List<String> TAKEN_OVER = List.of(
                JUTE_MAXBUFFER,
                ZKConfig.KINIT_COMMAND,
                ZKConfig.JGSS_NATIVE,
                ZK_SASL_CLIENT_USERNAME,
                ZK_SASL_CLIENT_CANONICALIZE_HOSTNAME,
                LOGIN_CONTEXT_NAME_KEY,
                ENABLE_CLIENT_SASL_KEY,
                ZOOKEEPER_SERVER_REALM,
                DISABLE_AUTO_WATCH_RESET,
                ZOOKEEPER_CLIENT_CNXN_SOCKET,
                SECURE_CLIENT);

        /** Called by the constructor. */
        @Override
        protected void handleBackwardCompatibility() {
            TAKEN_OVER.forEach(name -> setProperty(name, System.getProperty(name)));
        }
    }
}
