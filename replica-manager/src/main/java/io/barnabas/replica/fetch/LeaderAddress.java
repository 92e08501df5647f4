// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

/**
 * Where a leader listens for other brokers.
 *
 * @param brokerId its id
 * @param host host of its inter-broker listener
 * @param port port of its inter-broker listener
 */
public record LeaderAddress(int brokerId, String host, int port) {}
