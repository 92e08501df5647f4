// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

/**
 * Where the last batches of a segment lie, so that replicas and consumers near its end are served without reading
 * headers. Written by the segment's writer, read by any thread: a reader may miss an entry, never see a wrong one.
 */
final class RecentBatches {
    private static final int CAPACITY = 32;

    /** Volatile, as readers take no lock. */
    private volatile BatchPosition[] ring = new BatchPosition[0];

    private int next;

    void add(BatchPosition batch) {
        BatchPosition[] current = ring;
        if (current.length == 0) {
            current = new BatchPosition[CAPACITY];
        }
        current[next] = batch;
        next = (next + 1) % CAPACITY;
        ring = current;
    }

    /** The batch that contains an offset, null if it is not among the last. */
    BatchPosition find(long offset) {
        for (BatchPosition batch : ring) {
            if (batch != null && batch.baseOffset() <= offset && offset <= batch.lastOffset()) {
                return batch;
            }
        }
        return null;
    }

    void clear() {
        ring = new BatchPosition[0];
        next = 0;
    }
}
