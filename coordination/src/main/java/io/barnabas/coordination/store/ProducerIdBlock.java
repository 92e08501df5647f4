// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

/**
 * A block of producer ids given to one broker.
 *
 * @param brokerId to whom
 * @param firstId the first id
 * @param lastId the last id, inclusive
 */
public record ProducerIdBlock(int brokerId, long firstId, long lastId) {
    /** How many ids a block has. */
    public static final int SIZE = 1000;
}
