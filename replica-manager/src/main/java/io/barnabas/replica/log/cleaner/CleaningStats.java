// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

/** What one cleaning of a log read and wrote. Owned by the thread that cleans. */
final class CleaningStats {
    private long mapBytesRead;
    private long bytesRead;
    private long bytesWritten;
    private long recordsRead;
    private long recordsWritten;
    private long invalidRecords;
    private double bufferUtilization;
    private long elapsedMs;

    void countMapped(int bytes) {
        mapBytesRead += bytes;
    }

    void countRead(int records, int bytes) {
        recordsRead += records;
        bytesRead += bytes;
    }

    void countWritten(int records, int bytes) {
        recordsWritten += records;
        bytesWritten += bytes;
    }

    void countInvalid() {
        invalidRecords++;
    }

    void finish(double utilization, long ms) {
        bufferUtilization = utilization;
        elapsedMs = ms;
    }

    long mapBytesRead() {
        return mapBytesRead;
    }

    long bytesRead() {
        return bytesRead;
    }

    long bytesWritten() {
        return bytesWritten;
    }

    long recordsRead() {
        return recordsRead;
    }

    long recordsWritten() {
        return recordsWritten;
    }

    /** Records without a key in a compacted topic; they are dropped. */
    long invalidRecords() {
        return invalidRecords;
    }

    double bufferUtilization() {
        return bufferUtilization;
    }

    long elapsedMs() {
        return elapsedMs;
    }
}
