// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * What is measured and who is told.
 *
 * @param reporters {@code metric.reporters}, class names; may change at run time
 * @param samples {@code metrics.num.samples}
 * @param sampleWindowMs {@code metrics.sample.window.ms}
 * @param recordingLevel {@code metrics.recording.level}
 * @param jmxReporter {@code auto.include.jmx.reporter}
 */
public record MetricsKeys(
        List<String> reporters, int samples, long sampleWindowMs, String recordingLevel, boolean jmxReporter) {
    static MetricsKeys from(AbstractConfig values) {
        return new MetricsKeys(
                values.getList("metric.reporters"),
                values.getInt("metrics.num.samples"),
                values.getLong("metrics.sample.window.ms"),
                values.getString("metrics.recording.level"),
                values.getBoolean("auto.include.jmx.reporter"));
    }

    public MetricsKeys {
        reporters = List.copyOf(reporters);
    }
}
