// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

/**
 * How fetchers go about it.
 *
 * @param fetchersPerLeader {@code num.replica.fetchers}
 * @param backoffMs {@code replica.fetch.backoff.ms}: how long a partition rests after an error
 */
public record FetcherSettings(int fetchersPerLeader, long backoffMs) {
    /** Kafka's defaults. */
    public static final FetcherSettings DEFAULT = new FetcherSettings(1, 1000L);

    public FetcherSettings {
        if (fetchersPerLeader < 1) {
            throw new IllegalArgumentException("num.replica.fetchers must be at least 1: " + fetchersPerLeader);
        }
    }

    FetcherSettings withFetchersPerLeader(int fetchers) {
        return new FetcherSettings(fetchers, backoffMs);
    }
}
