// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

/**
 * Where a leader listens for other brokers. Compares by hand: a record's own comparison goes through method handles,
 * slow to make and to run.
 *
 * @param brokerId its id
 * @param host host of its inter-broker listener
 * @param port port of its inter-broker listener
 */
public record LeaderAddress(int brokerId, String host, int port) {
    @Override
    public boolean equals(Object other) {
        return other instanceof LeaderAddress that
                && brokerId == that.brokerId
                && port == that.port
                && host.equals(that.host);
    }

    @Override
    public int hashCode() {
        return (brokerId * 31 + port) * 31 + host.hashCode();
    }
}
