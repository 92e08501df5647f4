// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ProduceRequest;

/**
 * Which request may start while earlier ones of its connection are unfinished. The peer must not be able to tell the
 * difference to Kafka, which serves one at a time: a request sees the effects of all before it.
 *
 * <ul>
 *   <li>Produce beside Produce: a handler appends before it returns, or puts off what comes behind as well, so a
 *       partition's appends keep their order. Not so when it is transactional, as its append may have to wait for the
 *       coordinator's word.
 *   <li>OffsetCommit beside OffsetCommit: the group's loop takes them in order.
 *   <li>Anything but another Fetch beside a Fetch that waits for data: it changes nothing after it started.
 *   <li>Everything else waits. SASL starts only when nothing at all is unfinished: it changes who asks.
 * </ul>
 *
 * <p>Owned by the connection's event loop.
 */
final class OverlapRule {
    /** What matters of a request here. */
    enum Kind {
        PRODUCE,
        OFFSET_COMMIT,
        FETCH,
        OTHER,
        BARRIER;

        static Kind of(AbstractRequest request) {
            return switch (request.apiKey()) {
                case PRODUCE -> ((ProduceRequest) request).transactionalId() == null ? PRODUCE : OTHER;
                case OFFSET_COMMIT -> OFFSET_COMMIT;
                case FETCH -> FETCH;
                case SASL_HANDSHAKE, SASL_AUTHENTICATE -> BARRIER;
                default -> OTHER;
            };
        }
    }

    private int produces;
    private int offsetCommits;
    private int fetches;
    private int total;

    boolean mayStart(Kind kind) {
        return switch (kind) {
            case PRODUCE -> total == produces + fetches;
            case OFFSET_COMMIT -> total == offsetCommits + fetches;
            case OTHER -> total == fetches;
            case FETCH, BARRIER -> total == 0;
        };
    }

    void started(Kind kind) {
        count(kind, 1);
    }

    void finished(Kind kind) {
        count(kind, -1);
    }

    private void count(Kind kind, int change) {
        total += change;
        switch (kind) {
            case PRODUCE -> produces += change;
            case OFFSET_COMMIT -> offsetCommits += change;
            case FETCH -> fetches += change;
            case OTHER, BARRIER -> {
                // only the total matters
            }
        }
    }
}
