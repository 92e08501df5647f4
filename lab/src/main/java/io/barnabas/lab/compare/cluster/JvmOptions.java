// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.util.List;

/**
 * How the brokers' JVMs are run.
 *
 * @param heap heap options, the same for every system
 * @param common options for every system in place of its start script's own; empty for its own
 */
public record JvmOptions(List<String> heap, List<String> common) {
    /** What Kafka's start script gives a broker, of both lines. */
    public static final List<String> KAFKAS_OWN = List.of(
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-XX:MaxInlineLevel=15",
            "-Djava.awt.headless=true");

    /** The same options with another heap. */
    public JvmOptions withHeap(String... options) {
        return new JvmOptions(List.of(options), common);
    }

    List<String> of(Product product) {
        return common.isEmpty() ? product.ownOptions() : common;
    }
}
