// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

/**
 * Counts what clients use and says when one must be held back (KIP-13, KIP-124, KIP-219). Called on event loops, once for
 * each request; must not block.
 */
@FunctionalInterface
public interface RequestQuotas {
    /** No limits. */
    RequestQuotas UNLIMITED = completed -> 0;

    /**
     * Counts a request.
     *
     * @return for how many ms its connection is not to be read; 0 if its client keeps within its quotas
     */
    int throttleMs(CompletedRequest completed);
}
