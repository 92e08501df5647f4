// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import java.util.concurrent.CompletionStage;

/**
 * Where blocks of producer ids come from: the controller (AllocateProducerIds, from inter-broker protocol 3.0 on), or
 * the coordination store itself below.
 */
public interface ProducerIdBlocks {
    /**
     * Allocates the next block, unique in the cluster's life. The stage may complete on any thread, and fails when the
     * block could not be had; the caller tries again when the next producer asks.
     */
    CompletionStage<Block> allocate();

    /**
     * A run of producer ids.
     *
     * @param firstId the first
     * @param size how many, at least one
     */
    record Block(long firstId, int size) {}
}
