// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import java.time.InstantSource;
import java.util.Objects;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out producer ids from blocks. The next block is asked for when nine tenths of the current one are gone, so
 * there is always one at hand once it runs; at the very first, or when blocks come slower than producers, there is
 * none for the moment. Safe to use from any thread: locked for the few instructions that take an id.
 */
public final class ProducerIds {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerIds.class);
    private static final long RETRY_BACKOFF_MS = 50;
    private static final int PREFETCH_PERCENT = 90;

    private final ProducerIdBlocks blocks;
    private final InstantSource clock;
    private ProducerIdBlocks.Block current = new ProducerIdBlocks.Block(0, 0);
    private int taken;
    private ProducerIdBlocks.Block next;
    private boolean asking;
    private long notBeforeMs = Long.MIN_VALUE;

    public ProducerIds(ProducerIdBlocks blocks, InstantSource clock) {
        this.blocks = blocks;
        this.clock = clock;
    }

    /** An id nobody had before; empty if there is none for the moment, then one has been asked for. */
    public OptionalLong take() {
        OptionalLong id;
        boolean ask;
        synchronized (this) {
            id = takeFromBlocks();
            ask = needsBlock() && !asking && clock.millis() >= notBeforeMs;
            asking |= ask;
        }
        if (ask) {
            ask();
        }
        return id;
    }

    private OptionalLong takeFromBlocks() {
        if (taken == current.size()) {
            if (next == null) {
                return OptionalLong.empty();
            }
            current = next;
            next = null;
            taken = 0;
        }
        return OptionalLong.of(current.firstId() + taken++);
    }

    private boolean needsBlock() {
        return next == null && taken * 100L >= current.size() * (long) PREFETCH_PERCENT;
    }

    private void ask() {
        try {
            blocks.allocate().whenComplete(this::arrived);
        } catch (RuntimeException e) {
            arrived(null, e);
        }
    }

    private void arrived(ProducerIdBlocks.Block block, Throwable failure) {
        if (failure != null) {
            LOG.warn("No block of producer ids could be had, trying again on demand: {}", failure.toString());
        }
        synchronized (this) {
            asking = false;
            if (failure == null) {
                next = Objects.requireNonNull(block);
            } else {
                notBeforeMs = clock.millis() + RETRY_BACKOFF_MS;
            }
        }
    }
}
