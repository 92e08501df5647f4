// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import java.util.Locale;

/** Whether, and at which level, a broker key can be changed while the broker runs (KIP-226). */
public enum UpdateMode {
    /** Only by restarting. */
    READ_ONLY,
    /** For one broker at a time. */
    PER_BROKER,
    /** For one broker, or as the default of all. */
    CLUSTER_WIDE;

    /** Reads the form of the tables and of Kafka's documentation, such as {@code cluster-wide}. */
    static UpdateMode parse(String text) {
        return valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    /** The form of Kafka's documentation. */
    public String shown() {
        return name().replace('_', '-').toLowerCase(Locale.ROOT);
    }
}
