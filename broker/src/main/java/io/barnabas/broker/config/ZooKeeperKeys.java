// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.types.Password;

/**
 * The coordination store and how to reach it.
 *
 * @param connect {@code zookeeper.connect}: hosts with ports, and an optional chroot at the end
 * @param sessionTimeoutMs {@code zookeeper.session.timeout.ms}
 * @param connectionTimeoutMs {@code zookeeper.connection.timeout.ms}; the session timeout unless set
 * @param maxInFlightRequests {@code zookeeper.max.in.flight.requests}
 * @param secureAcls {@code zookeeper.set.acl}
 * @param clientProperties what {@code zookeeper.ssl.*} and {@code zookeeper.clientCnxnSocket} set, under the names the
 *     ZooKeeper client reads; holds passwords, never to be printed
 */
public record ZooKeeperKeys(
        String connect,
        int sessionTimeoutMs,
        int connectionTimeoutMs,
        int maxInFlightRequests,
        boolean secureAcls,
        Map<String, String> clientProperties) {

    private static final Map<String, String> CLIENT_NAMES = Map.ofEntries(
            Map.entry("zookeeper.ssl.client.enable", "zookeeper.client.secure"),
            Map.entry("zookeeper.clientCnxnSocket", "zookeeper.clientCnxnSocket"),
            Map.entry("zookeeper.ssl.keystore.location", "zookeeper.ssl.keyStore.location"),
            Map.entry("zookeeper.ssl.keystore.password", "zookeeper.ssl.keyStore.password"),
            Map.entry("zookeeper.ssl.keystore.type", "zookeeper.ssl.keyStore.type"),
            Map.entry("zookeeper.ssl.truststore.location", "zookeeper.ssl.trustStore.location"),
            Map.entry("zookeeper.ssl.truststore.password", "zookeeper.ssl.trustStore.password"),
            Map.entry("zookeeper.ssl.truststore.type", "zookeeper.ssl.trustStore.type"),
            Map.entry("zookeeper.ssl.protocol", "zookeeper.ssl.protocol"),
            Map.entry("zookeeper.ssl.enabled.protocols", "zookeeper.ssl.enabledProtocols"),
            Map.entry("zookeeper.ssl.cipher.suites", "zookeeper.ssl.ciphersuites"),
            Map.entry("zookeeper.ssl.endpoint.identification.algorithm", "zookeeper.ssl.hostnameVerification"),
            Map.entry("zookeeper.ssl.crl.enable", "zookeeper.ssl.crl"),
            Map.entry("zookeeper.ssl.ocsp.enable", "zookeeper.ssl.ocsp"));

    public ZooKeeperKeys {
        clientProperties = Map.copyOf(clientProperties);
    }

    static ZooKeeperKeys from(AbstractConfig values) {
        int sessionTimeoutMs = values.getInt("zookeeper.session.timeout.ms");
        Integer connectionTimeoutMs = values.getInt("zookeeper.connection.timeout.ms");
        return new ZooKeeperKeys(
                values.getString("zookeeper.connect"),
                sessionTimeoutMs,
                connectionTimeoutMs != null ? connectionTimeoutMs : sessionTimeoutMs,
                values.getInt("zookeeper.max.in.flight.requests"),
                values.getBoolean("zookeeper.set.acl"),
                clientProperties(values));
    }

    private static Map<String, String> clientProperties(AbstractConfig values) {
        Map<String, String> result = new LinkedHashMap<>();
        CLIENT_NAMES.forEach((key, clientName) -> {
            if (values.originals().containsKey(key)) {
                result.put(clientName, shown(key, values.values().get(key)));
            }
        });
        return result;
    }

    private static String shown(String key, Object value) {
        if (key.endsWith("endpoint.identification.algorithm")) {
            return Boolean.toString(value.toString().toUpperCase(Locale.ROOT).equals("HTTPS"));
        }
        if (value instanceof Password password) {
            return password.value();
        }
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    @Override
    public String toString() {
        return "ZooKeeperKeys[connect=" + connect + ", sessionTimeoutMs=" + sessionTimeoutMs + "]";
    }
}
