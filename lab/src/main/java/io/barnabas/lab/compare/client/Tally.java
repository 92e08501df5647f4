// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds what is read against what was acknowledged: each record once, every byte as written. Owned by the threads of one
 * group, one at a time.
 */
final class Tally {
    private final Map<Long, BitSet> seen = new TreeMap<>();
    private final Payload payload;
    private final long expected;
    private long lastWriter = -1;
    private BitSet lastSeen = new BitSet();
    private long read;
    private long bytes;
    private long duplicates;
    private long corrupt;
    private long strangers;

    /** @param expectations what must be there */
    Tally(Payload payload, List<Expectation> expectations) {
        this.payload = payload;
        long sum = 0;
        for (Expectation each : expectations) {
            for (int producer = 0; producer < each.producers(); producer++) {
                seen.put(writer(each.run(), producer), new BitSet((int) each.recordsPerProducer()));
            }
            sum += each.producers() * each.recordsPerProducer();
        }
        this.expected = sum;
    }

    /**
     * What one produce run has had acknowledged: records 0 to {@code recordsPerProducer} - 1 of each of its producers.
     *
     * @param run its mark
     */
    record Expectation(int run, int producers, long recordsPerProducer) {
        /** Reads {@code run:producers:recordsPerProducer}. */
        static Expectation parse(String text) {
            String[] parts = text.split(":");
            return new Expectation(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }

        @Override
        public String toString() {
            return run + ":" + producers + ":" + recordsPerProducer;
        }
    }

    synchronized void add(byte[] value) {
        read++;
        bytes += value.length;
        if (value.length < Payload.HEADER || !payload.intact(value)) {
            corrupt++;
            return;
        }
        long writer = writer(Payload.run(value), Payload.producer(value));
        if (writer != lastWriter) {
            BitSet records = seen.get(writer);
            if (records == null) {
                strangers++;
                return;
            }
            lastSeen = records;
            lastWriter = writer;
        }
        int sequence = (int) Payload.sequence(value);
        if (lastSeen.get(sequence)) {
            duplicates++;
        }
        lastSeen.set(sequence);
    }

    synchronized long read() {
        return read;
    }

    synchronized long bytes() {
        return bytes;
    }

    long expected() {
        return expected;
    }

    synchronized long missing() {
        return expected - seen.values().stream().mapToLong(BitSet::cardinality).sum();
    }

    synchronized long duplicates() {
        return duplicates;
    }

    synchronized long corrupt() {
        return corrupt;
    }

    /** Intact records nobody expected, of another run. */
    synchronized long strangers() {
        return strangers;
    }

    private static long writer(int run, int producer) {
        return ((long) run << 32) | producer;
    }
}
