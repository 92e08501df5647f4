// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

/**
 * Whose configuration: {@code topics/orders}, {@code brokers/<default>}, {@code users/alice/clients/c1}.
 *
 * @param path type and sanitized name under {@code /config}, nested for a client of a user
 */
public record ConfigEntity(String path) {
    public static final String TOPICS = "topics";
    public static final String BROKERS = "brokers";
    public static final String USERS = "users";
    public static final String CLIENTS = "clients";
    public static final String IPS = "ips";
    public static final String DEFAULT_NAME = "<default>";

    /** A topic's overrides. */
    public static ConfigEntity topic(String name) {
        return new ConfigEntity(TOPICS + "/" + name);
    }

    /** One broker's dynamic settings. */
    public static ConfigEntity broker(int id) {
        return new ConfigEntity(BROKERS + "/" + id);
    }

    /** What holds for all brokers that have no value of their own. */
    public static ConfigEntity allBrokers() {
        return new ConfigEntity(BROKERS + "/" + DEFAULT_NAME);
    }

    /** An entity by its type and sanitized name. */
    public static ConfigEntity of(String type, String sanitizedName) {
        return new ConfigEntity(type + "/" + sanitizedName);
    }

    /** The first part of the path, such as {@link #TOPICS}. */
    public String type() {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    /** The rest of the path. */
    public String name() {
        return path.substring(path.indexOf('/') + 1);
    }
}
