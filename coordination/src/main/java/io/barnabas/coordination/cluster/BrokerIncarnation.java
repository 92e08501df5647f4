// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

/**
 * One run of a broker, from its registration to the end of that. What is observed of one run says nothing of the next.
 *
 * @param id the broker id
 * @param epoch the broker epoch: the czxid of the registration (KIP-380), which no two runs share
 */
public record BrokerIncarnation(int id, long epoch) {
    @Override
    public String toString() {
        return id + "@" + epoch;
    }
}
