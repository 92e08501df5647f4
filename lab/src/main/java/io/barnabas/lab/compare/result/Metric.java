// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import java.util.Locale;

/** A kind of figure: what it is called, its unit, and which direction is better. */
public enum Metric {
    RECORDS_PER_SECOND("throughput", "records/s", true),
    MB_WRITTEN_PER_SECOND("bytes written by producers", "MB/s", true),
    MB_PER_SECOND("read throughput", "MB/s", true),
    P50_MS("latency p50", "ms", false),
    P99_MS("latency p99", "ms", false),
    P999_MS("latency p99.9", "ms", false),
    MAX_MS("latency, longest", "ms", false),
    READ_P50_MS("produce to read p50", "ms", false),
    READ_P99_MS("produce to read p99", "ms", false),
    READ_P999_MS("produce to read p99.9", "ms", false),
    CPU_PER_MILLION("broker CPU per million records", "s", false),
    CPU_PER_GIB("broker CPU per GiB produced", "s", false),
    CPU_PER_GIB_READ("broker CPU per GiB read", "s", false),
    CPU_CORES("broker CPU, all brokers", "cores", false),
    KERNEL_PERCENT("broker CPU, part in the kernel", "%", false),
    COMPILING_PERCENT("broker CPU, part of the JVM's compilers", "%", false),
    COLLECTING_PERCENT("broker CPU, part of garbage collection", "%", false),
    WAITS_PER_THOUSAND("times a broker's thread had to wait, per 1,000 records", "", false),
    CPU_SECONDS("broker CPU, all brokers together", "s", false),
    CLIENT_CPU_SECONDS("client CPU", "s", false),
    COORDINATION_CPU_SECONDS("ZooKeeper CPU", "s", false),
    PEAK_MIB("peak memory of the largest broker", "MiB", false),
    RESIDENT_MIB("memory of the largest broker", "MiB", false),
    WRITTEN_PER_BYTE("bytes written per byte produced", "", false),
    ACK_GAP_MS("longest gap between acknowledgements", "ms", false),
    PARTITION_GAP_MS("the same on the worst partition", "ms", false),
    READ_GAP_MS("longest gap between records read by the group", "ms", false),
    ANSWER_SECONDS("until the request is answered", "s", false),
    KNOWN_SECONDS("until every broker knows", "s", false),
    FULL_SECONDS("until every replica is in sync", "s", false),
    LEADERS_SECONDS("until every partition has a live leader", "s", false),
    WORKING_SECONDS("until a new topic can be made", "s", false),
    FIRST_ANSWER_SECONDS("process start to first answer", "s", false),
    CLUSTER_SECONDS("start of all until each knows all", "s", false),
    STOLEN_PERCENT("processor time the host gave to others meanwhile", "%", false);

    private final String title;
    private final String unit;
    private final boolean moreIsBetter;

    Metric(String title, String unit, boolean moreIsBetter) {
        this.title = title;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    public String title() {
        return title;
    }

    public String unit() {
        return unit;
    }

    public boolean moreIsBetter() {
        return moreIsBetter;
    }

    /** The value with as many digits as it deserves, thousands separated. */
    public static String format(double value) {
        double size = Math.abs(value);
        String pattern = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, pattern, value);
    }
}
