// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare;

import io.barnabas.lab.process.BrokerKind;

/**
 * One run of one workload on one system.
 *
 * @param system whose brokers
 * @param workload its name
 * @param round which alternation, from 1
 * @param recordsPerSecond throughput, 0 where it was fixed
 * @param p50Ms median latency, NaN where the workload has none; likewise the others
 * @param brokerCpuSeconds all brokers together, over the run
 * @param gib record bytes moved, GiB
 * @param peakResidentMb the largest broker's peak so far
 */
record Measurement(
        BrokerKind system,
        String workload,
        int round,
        double recordsPerSecond,
        double p50Ms,
        double p99Ms,
        double p999Ms,
        double brokerCpuSeconds,
        double gib,
        double peakResidentMb) {
    double cpuSecondsPerGib() {
        return brokerCpuSeconds / gib;
    }
}
