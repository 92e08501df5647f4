// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import org.apache.kafka.common.config.ConfigDef;

/**
 * One row of a key table.
 *
 * @param name the key as written in {@code server.properties} or given to a topic
 * @param type how its value is read
 * @param defaultValue the default as text; {@code null} where unset is a value of its own
 * @param validator the limits in the table's own short form, {@code -} for none
 * @param importance Kafka's own rating, shown by tools
 * @param note broker keys: the update mode ({@code read-only}, {@code per-broker}, {@code cluster-wide}), followed by
 *     {@code ,internal} for keys Kafka does not document; topic keys: the broker keys that give the default, strongest
 *     first, separated by blanks, or {@code -}
 * @param effect {@code honoured}, {@code honoured: with a remark}, or {@code none: why}
 * @param doc one sentence for people
 */
public record KeySpec(
        String name,
        ConfigDef.Type type,
        String defaultValue,
        String validator,
        ConfigDef.Importance importance,
        String note,
        String effect,
        String doc) {

    /** Whether some room acts on this key. */
    public boolean honoured() {
        return effect.startsWith("honoured");
    }

    /** What is to be known of how it is honoured; empty for nothing. */
    public String remark() {
        return effect.startsWith("honoured: ") ? effect.substring("honoured: ".length()) : "";
    }

    /** Keys Kafka keeps to itself: readable, never listed by DescribeConfigs. */
    public boolean internal() {
        return note.endsWith(",internal");
    }

    /** How a broker key may be changed at run time. */
    public UpdateMode updateMode() {
        return UpdateMode.parse(note.replace(",internal", ""));
    }
}
