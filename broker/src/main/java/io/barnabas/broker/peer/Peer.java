// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

/**
 * Another broker at one of its addresses.
 *
 * @param id the broker id
 * @param host host of the inter-broker listener
 * @param port port of the inter-broker listener
 */
public record Peer(int id, String host, int port) {
    @Override
    public String toString() {
        return id + "@" + host + ":" + port;
    }
}
