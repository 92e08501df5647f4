// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import org.apache.zookeeper.client.ZKClientConfig;

/** The settings every ZooKeeper client of this process is made with. */
final class ClientSettings {
    /** Kafka's own: 4 MB, so that long lists of children come through (KAFKA-13270). */
    private static final String JUTE_MAX_BUFFER = Integer.toString(4096 * 1024);

    private ClientSettings() {}

    static ZKClientConfig create() {
        ZKClientConfig config = new ZKClientConfig();
        if (config.getProperty(ZKClientConfig.JUTE_MAXBUFFER) == null) {
            config.setProperty(ZKClientConfig.JUTE_MAXBUFFER, JUTE_MAX_BUFFER);
        }
        return config;
    }
}
