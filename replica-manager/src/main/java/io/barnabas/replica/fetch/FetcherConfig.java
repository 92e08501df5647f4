// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

/**
 * How fetchers go about it.
 *
 * @param fetchersPerLeader {@code num.replica.fetchers}
 * @param backoffMs {@code replica.fetch.backoff.ms}: how long a partition rests after an error
 * @param readerWaitMs {@code barnabas.follower.reader.wait.ms}: how long at first while consumers that read here
 *     lack a high watermark; 0 makes no difference between them and others
 * @param maxWaitMs {@code replica.fetch.wait.max.ms}: how long a leader may wait for data before it answers
 */
public record FetcherConfig(int fetchersPerLeader, long backoffMs, int readerWaitMs, int maxWaitMs) {
    /** Kafka's defaults. */
    public static final FetcherConfig DEFAULT = new FetcherConfig(1, 1000L, 2, 500);

    public FetcherConfig {
        if (fetchersPerLeader < 1) {
            throw new IllegalArgumentException("num.replica.fetchers must be at least 1: " + fetchersPerLeader);
        }
    }

    FetcherConfig withFetchersPerLeader(int fetchers) {
        return new FetcherConfig(fetchers, backoffMs, readerWaitMs, maxWaitMs);
    }
}
